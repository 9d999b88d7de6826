package dev.caravan.receive;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;

/**
 * The HTTP server of the public listener. Its router is there when Camel starts it, so that routes can register; it
 * accepts connections only after {@link #open}, so that no vendor is answered 404 while routes are loaded.
 */
public final class PublicListener extends VertxPlatformHttpServer {
    private final String host;
    private final int port;

    PublicListener(VertxPlatformHttpServerConfiguration configuration) {
        super(configuration);
        this.host = configuration.getBindHost();
        this.port = configuration.getBindPort();
    }

    @Override
    protected void startServer() {
        // open() does it
    }

    /**
     * Accepts connections from now on.
     *
     * @throws ListenException where the address is in use or not this machine's
     */
    public void open() {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new ListenException(
                    "Port " + port + " on " + host + " cannot be opened (" + e.getMessage()
                            + "): stop what uses it or set camel.server.port to another.",
                    e);
        }
        try {
            super.startServer();
        } catch (Exception e) {
            throw new ListenException(
                    "The public listener on " + host + ":" + port + " did not start: " + e.getMessage(), e);
        }
    }

    /** The listener could not open. */
    public static final class ListenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ListenException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
