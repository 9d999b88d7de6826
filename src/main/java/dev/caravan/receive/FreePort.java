package dev.caravan.receive;

import dev.caravan.receive.PublicListener.ListenException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds out whether a listener can open: Camel's HTTP servers only log that they could not, and go on without. */
public final class FreePort {
    private FreePort() {}

    /**
     * Binds and lets go.
     *
     * @param port 0 for any that is free
     * @param key the setting that names the port
     * @throws ListenException where the port is in use or the host not this machine's
     */
    public static void require(String host, int port, String key) {
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
