package dev.caravan.sink;

import java.util.Locale;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.spi.HeaderFilterStrategy;

/**
 * How camel-http behaves in every route: nothing is sent twice by itself (Camel 4.18 repeats a POST after 429 and 503),
 * every wait has an end, redirects and cookies are off, and of what other servers answered only named headers come into
 * the exchange, so that none of them is sent on.
 */
public final class HttpDefaults {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int RESPONSE_MILLIS = 30_000;

    private HttpDefaults() {}

    /** Configures the components {@code http} and {@code https}; to be called before routes are added. */
    public static void apply(CamelContext context, Destinations destinations) {
        for (String scheme : Set.of("http", "https")) {
            configure(context.getComponent(scheme, HttpComponent.class), destinations);
        }
    }

    /** @throws IllegalStateException if requests are to be captured and camel-http has not been told */
    static void check(CamelContext context, Destinations destinations) {
        boolean told =
                context.getComponent("https", HttpComponent.class).getHttpClientConfigurer() instanceof CapturedHttp;
        if (destinations.captures() && !told) {
            throw new IllegalStateException(
                    "Requests are to be captured: call HttpDefaults.apply before adding routes");
        }
    }

    private static void configure(HttpComponent http, Destinations destinations) {
        http.setAutomaticRetriesDisabled(true);
        http.setRedirectHandlingDisabled(true);
        http.setFollowRedirects(false);
        http.setCookieManagementDisabled(true);
        http.setAuthCachingDisabled(true);
        http.setConnectTimeout(CONNECT_MILLIS);
        http.setConnectionRequestTimeout(CONNECT_MILLIS);
        http.setResponseTimeout(RESPONSE_MILLIS);
        http.setSoTimeout(RESPONSE_MILLIS);
        http.setMaxTotalConnections(400);
        http.setConnectionsPerRoute(20);
        http.setConnectionTimeToLive(60_000);
        http.setUserAgent("Caravan");
        http.setHeaderFilterStrategy(new Headers());
        destinations.capturePort().ifPresent(port -> http.setHttpClientConfigurer(new CapturedHttp(port)));
    }

    /** Which headers pass between an exchange and HTTP. */
    private static final class Headers implements HeaderFilterStrategy {
        private static final Set<String> TAKEN_FROM_ANSWERS =
                Set.of("content-type", "content-language", "etag", "last-modified", "link", "location", "retry-after");
        private static final Set<String> NEVER_SENT = Set.of(
                "connection",
                "content-encoding",
                "content-length",
                "cookie",
                "etag",
                "expect",
                "forwarded",
                "host",
                "keep-alive",
                "last-modified",
                "link",
                "location",
                "proxy-authenticate",
                "proxy-authorization",
                "proxy-connection",
                "retry-after",
                "set-cookie",
                "te",
                "trailer",
                "transfer-encoding",
                "upgrade",
                "via",
                "x-forwarded-for",
                "x-forwarded-host",
                "x-forwarded-port",
                "x-forwarded-proto",
                "x-real-ip");

        @Override
        public boolean applyFilterToCamelHeaders(String name, Object value, Exchange exchange) {
            String lower = name.toLowerCase(Locale.ROOT);
            return lower.startsWith("camel") || NEVER_SENT.contains(lower);
        }

        @Override
        public boolean applyFilterToExternalHeaders(String name, Object value, Exchange exchange) {
            return !TAKEN_FROM_ANSWERS.contains(name.toLowerCase(Locale.ROOT));
        }
    }
}
