package dev.caravan.sink;

import java.net.URI;
import java.util.OptionalInt;

/**
 * Where a request for a real address is sent: there, or, in demo and dry run, to a capturing server on this machine.
 * Every sink asks it for every URL, and camel-http's components follow it too ({@link HttpDefaults}).
 *
 * @param capturePort the capturing server's port on 127.0.0.1; empty where requests go to their real addresses
 */
public record Destinations(OptionalInt capturePort) {
    static final String CAPTURE_HOST = "127.0.0.1";

    /** Requests go where they are addressed. */
    public static Destinations real() {
        return new Destinations(OptionalInt.empty());
    }

    /** Every request goes to the capturing server at this port of 127.0.0.1. */
    public static Destinations capturedAt(int port) {
        return new Destinations(OptionalInt.of(port));
    }

    /** Whether no real address may be reached. */
    public boolean captures() {
        return capturePort.isPresent();
    }

    /**
     * The URL to send to. Captured, {@code https://host:port/path?query} is
     * {@code http://127.0.0.1:<port>/~/https/host:port/path?query}.
     *
     * @throws IllegalArgumentException if it is no http or https URL; the message does not quote it, it may be a secret
     */
    public String of(String url) {
        URI uri = parse(url);
        if (capturePort.isEmpty()) {
            return url;
        }
        String query = uri.getRawQuery();
        return "http://" + CAPTURE_HOST + ":" + capturePort.getAsInt()
                + capturedPath(
                        uri.getScheme(),
                        uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort(),
                        uri.getRawPath())
                + (query == null ? "" : "?" + query);
    }

    /**
     * The URL to which a message for a mail server is posted where nothing is sent:
     * {@code http://127.0.0.1:<port>/~/smtp/host:port/}.
     *
     * @throws IllegalStateException if messages go to their real addresses
     */
    public String ofMailServer(String host, int port) {
        int capture = capturePort.orElseThrow(() -> new IllegalStateException("No mail is captured"));
        String authority = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        return "http://" + CAPTURE_HOST + ":" + capture + capturedPath("smtp", authority, "/");
    }

    /** The path at the capturing server. */
    static String capturedPath(String scheme, String authority, String path) {
        return "/~/" + scheme + "/" + authority + path;
    }

    private static URI parse(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException notUrl) {
            throw new IllegalArgumentException("A sink's URL is not a URL: check the parameter that holds it");
        }
        if (!UrlText.isWeb(url) || uri.getHost() == null) {
            throw new IllegalArgumentException("A sink's URL needs http:// or https:// and a host");
        }
        return uri;
    }
}
