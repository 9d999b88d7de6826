package dev.caravan.receive;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Where a listener is to listen. Vert.x tells of an address that it cannot have only in a log, so it is tried before.
 *
 * @param key the setting that names the port
 */
public record ListenAddress(String host, int port, String key) {

    /**
     * Opens the address and closes it again.
     *
     * @throws ListenException where it is in use or not this machine's
     */
    public void check() {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new ListenException(
                    "Port " + port + " on " + host + " cannot be opened (" + e.getMessage()
                            + "): stop what uses it or set " + key + " to another.",
                    e);
        }
    }
}
