package dev.caravan.receive;

import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Service;
import org.apache.camel.component.platform.http.main.DefaultMainHttpServerFactory;
import org.apache.camel.component.platform.http.main.MainHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.main.HttpServerConfigurationProperties;
import org.jspecify.annotations.Nullable;

/** Gives camel-main a {@link PublicListener} with all that {@code camel.server.*} says, in place of its own server. */
public final class PublicListenerFactory extends DefaultMainHttpServerFactory {
    private @Nullable PublicListener listener;

    @Override
    public Service newHttpServer(CamelContext context, HttpServerConfigurationProperties properties) {
        MainHttpServer configured = (MainHttpServer) super.newHttpServer(context, properties);
        VertxPlatformHttpServerConfiguration configuration = configured.getConfiguration();
        configuration.setServerType(VertxPlatformHttpRouter.SERVER_TYPE_SERVER);
        listener = new PublicListener(configuration);
        return listener;
    }

    /** The listener, once camel-main has asked for it. */
    public Optional<PublicListener> listener() {
        return Optional.ofNullable(listener);
    }
}
