package dev.caravan.manage;

import dev.caravan.settings.Secret;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may use the management listener. With a token every request but health has to carry it, as
 * {@code Authorization: Bearer} or as the password of basic authentication, which browsers ask for. Without one only
 * requests that name this machine as their host are answered, so that no page of a stranger can read it through a name
 * of its own, and what changes something has to be JSON, which such a page cannot send.
 */
final class Access implements Handler<RoutingContext> {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private static final String HEALTH = "/observe/health";

    private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private final Optional<Secret> token;

    Access(Optional<Secret> token) {
        this.token = token;
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (isHealth(context.normalizedPath())) {
            context.next();
        } else if (token.isPresent() ? !carries(request, token.get()) : !namesThisMachine(request)) {
            if (token.isPresent()) {
                context.response().putHeader("WWW-Authenticate", "Basic realm=\"Caravan\"");
            }
            Responses.error(context, 401, "this needs caravan.console.token, or localhost as the host");
        } else if (!READING.contains(request.method()) && !isJson(request)) {
            Responses.error(context, 415, "send Content-Type: application/json");
        } else {
            context.next();
        }
    }

    /** By the path that the router goes by, so that no {@code ..} leads from here to elsewhere. */
    private static boolean isHealth(@Nullable String path) {
        return path != null && (path.equals(HEALTH) || path.startsWith(HEALTH + "/"));
    }

    private static boolean carries(HttpServerRequest request, Secret token) {
        String header = request.getHeader("Authorization");
        if (header == null) {
            return false;
        }
        byte[] expected = token.value().getBytes(StandardCharsets.UTF_8);
        if (header.startsWith("Bearer ")) {
            return MessageDigest.isEqual(header.substring(7).getBytes(StandardCharsets.UTF_8), expected);
        }
        return header.startsWith("Basic ") && MessageDigest.isEqual(password(header.substring(6)), expected);
    }

    private static byte[] password(String credentials) {
        try {
            String decoded = new String(Base64.getDecoder().decode(credentials.strip()), StandardCharsets.UTF_8);
            return decoded.substring(decoded.indexOf(':') + 1).getBytes(StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static boolean namesThisMachine(HttpServerRequest request) {
        return request.authority() != null
                && LOOPBACK.contains(request.authority().host());
    }

    private static boolean isJson(HttpServerRequest request) {
        String type = request.getHeader("Content-Type");
        return type != null && type.startsWith("application/json");
    }
}
