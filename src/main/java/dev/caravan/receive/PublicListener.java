package dev.caravan.receive;

import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;

/**
 * The HTTP server of the public listener. Its router is there when Camel starts it, so that routes can register; it
 * accepts connections only after {@link #open}, so that no vendor is answered 404 while routes are loaded.
 */
public final class PublicListener extends VertxPlatformHttpServer {
    private final String host;
    private final int port;
    private boolean opened;

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
        new ListenAddress(host, port, "camel.server.port").check();
        try {
            super.startServer();
            opened = true;
        } catch (Exception e) {
            throw new ListenException(
                    "The public listener on " + host + ":" + port + " did not start: " + e.getMessage(), e);
        }
    }

    /** Camel stops Vert.x on the thread that served, which a listener that never opened has not got. */
    @Override
    protected void stopVertx() {
        if (opened) {
            super.stopVertx();
        } else if (getVertx() != null) {
            getVertx().close().toCompletionStage().toCompletableFuture().join();
        }
    }
}
