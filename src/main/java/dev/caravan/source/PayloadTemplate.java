package dev.caravan.source;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;

/**
 * What a vendor signs: text with {@code {method}}, {@code {uri}}, {@code {uri:decoded}}, {@code {timestamp}},
 * {@code {header:NAME}} and {@code {body}}, the body as bytes.
 */
final class PayloadTemplate {
    private enum Kind {
        TEXT,
        METHOD,
        URI,
        DECODED_URI,
        TIMESTAMP,
        HEADER,
        BODY
    }

    private record Part(Kind kind, String text) {}

    /**
     * What {@code {uri:decoded}} decodes, and nothing else: the characters that HubSpot lists for its signature v3
     * (developers.hubspot.com, "Validating requests").
     */
    private static final Pattern DECODED =
            Pattern.compile("%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)", Pattern.CASE_INSENSITIVE);

    private final List<Part> parts;
    private final String uriStart;

    private PayloadTemplate(List<Part> parts, String uriStart) {
        this.parts = parts;
        this.uriStart = uriStart;
    }

    /**
     * Reads a template.
     *
     * @param uriStart what {@code {uri}} starts with, before path and query
     * @throws IllegalArgumentException if it holds an unknown name in braces; the message names it
     */
    static PayloadTemplate parse(String template, String uriStart) {
        List<Part> parts = new ArrayList<>();
        int done = 0;
        int open = template.indexOf('{');
        while (open >= 0) {
            int close = template.indexOf('}', open);
            if (close < 0) {
                throw new IllegalArgumentException("{ without }");
            }
            if (open > done) {
                parts.add(new Part(Kind.TEXT, template.substring(done, open)));
            }
            parts.add(part(template.substring(open + 1, close)));
            done = close + 1;
            open = template.indexOf('{', done);
        }
        if (done < template.length()) {
            parts.add(new Part(Kind.TEXT, template.substring(done)));
        }
        return new PayloadTemplate(List.copyOf(parts), uriStart);
    }

    private static Part part(String name) {
        if (name.startsWith("header:") && name.length() > 7) {
            return new Part(Kind.HEADER, name.substring(7));
        }
        return switch (name) {
            case "method" -> new Part(Kind.METHOD, "");
            case "uri" -> new Part(Kind.URI, "");
            case "uri:decoded" -> new Part(Kind.DECODED_URI, "");
            case "timestamp" -> new Part(Kind.TIMESTAMP, "");
            case "body" -> new Part(Kind.BODY, "");
            default -> throw new IllegalArgumentException("{" + name + "}");
        };
    }

    boolean signsTimestamp() {
        return parts.stream().anyMatch(part -> part.kind() == Kind.TIMESTAMP);
    }

    boolean signsBody() {
        return parts.stream().anyMatch(part -> part.kind() == Kind.BODY);
    }

    /** Whether the address is signed, but only its path and query are known. */
    boolean lacksUriStart() {
        return uriStart.isEmpty()
                && parts.stream().anyMatch(part -> part.kind() == Kind.URI || part.kind() == Kind.DECODED_URI);
    }

    /** The headers that are signed. */
    List<String> headers() {
        return parts.stream()
                .filter(part -> part.kind() == Kind.HEADER)
                .map(Part::text)
                .toList();
    }

    /** Feeds the signed bytes; each of {@link #headers()} must have a single value. */
    byte[] sign(HmacKey key, IncomingRequest request, String timestamp) {
        Mac mac = key.begin();
        for (Part part : parts) {
            switch (part.kind()) {
                case TEXT -> update(mac, part.text());
                case METHOD -> update(mac, request.method());
                case URI -> {
                    update(mac, uriStart);
                    update(mac, request.uri());
                }
                case DECODED_URI -> {
                    update(mac, uriStart);
                    update(mac, decoded(request.uri()));
                }
                case TIMESTAMP -> update(mac, timestamp);
                case HEADER -> {
                    String value = request.headers().single(part.text());
                    update(mac, value == null ? "" : value);
                }
                case BODY -> mac.update(request.body());
            }
        }
        return mac.doFinal();
    }

    private static String decoded(String uri) {
        return DECODED.matcher(uri).replaceAll(escape -> {
            char character = (char) Integer.parseInt(escape.group().substring(1), 16);
            return Matcher.quoteReplacement(String.valueOf(character));
        });
    }

    private static void update(Mac mac, String text) {
        mac.update(text.getBytes(StandardCharsets.UTF_8));
    }
}
