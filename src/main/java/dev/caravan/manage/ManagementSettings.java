package dev.caravan.manage;

import dev.caravan.settings.Secret;
import dev.caravan.settings.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Who may use the management listener.
 *
 * @param host the address that it is bound to
 * @param port its port, never the public listener's; 0 for any that is free
 * @param token what requests must carry; needed beyond loopback
 */
public record ManagementSettings(String host, int port, Optional<Secret> token) {

    public static ManagementSettings read(Settings settings) {
        String host = settings.text("camel.management.host", "127.0.0.1");
        int port = settings.count("camel.management.port", 8081, 0, 65_535);
        if (port != 0 && port == settings.count("camel.server.port", 8080, 0, 65_535)) {
            settings.problem(
                    "camel.management.port",
                    "camel.management.port is " + port
                            + ", as is camel.server.port, which strangers reach: give it another.");
        }
        Optional<Secret> token =
                settings.secrets("caravan.console.token").stream().findFirst();
        if (token.isEmpty() && !isLoopback(host)) {
            settings.problem(
                    "camel.management.host",
                    "camel.management.host is " + host
                            + ", which others can reach: set caravan.console.token, or bind to 127.0.0.1.");
        }
        return new ManagementSettings(host, port, token);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
