package dev.caravan.receive;

import io.vertx.core.Vertx;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server of the public listener. Its router is there when Camel starts it, so that routes can register; it
 * accepts connections only after {@link #open}, so that no vendor is answered 404 while routes are loaded.
 */
public final class PublicListener extends VertxPlatformHttpServer {
    private final String host;
    private final int port;
    private boolean opened;
    private @Nullable Vertx vertx;

    PublicListener(VertxPlatformHttpServerConfiguration configuration) {
        super(configuration);
        this.host = configuration.getBindHost();
        this.port = configuration.getBindPort();
    }

    @Override
    protected void startServer() {
        // open() does it
    }

    @Override
    protected Vertx createVertxInstance() {
        vertx = super.createVertxInstance();
        return vertx;
    }

    /** Camel's own needs what it makes only when it listens. */
    @Override
    protected void stopVertx() {
        if (opened) {
            super.stopVertx();
        } else if (vertx != null) {
            vertx.close();
        }
    }

    /**
     * Accepts connections from now on.
     *
     * @throws ListenException where the address is in use or not this machine's
     */
    public void open() {
        FreePort.require(host, port, "camel.server.port");
        opened = true;
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
