package dev.caravan.sink;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** URLs that payloads bring. */
final class UrlText {
    private static final String ALLOWED = "-._~:/?#[]@!$&'()*+,;=%";

    private static final Pattern LINK = Pattern.compile("https?://[^/?#]|mailto:[^?]", Pattern.CASE_INSENSITIVE);

    private UrlText() {}

    /** The URL without surrounding space, with every character that no URL may hold percent-encoded. */
    static String tidy(String url) {
        StringBuilder tidy = new StringBuilder(url.length());
        url.strip().codePoints().forEach(point -> {
            boolean plain = point < 128 && (Character.isLetterOrDigit(point) || ALLOWED.indexOf(point) >= 0);
            String character = Character.toString(point);
            tidy.append(
                    plain
                            ? character
                            : URLEncoder.encode(character, StandardCharsets.UTF_8)
                                    .replace("+", "%20"));
        });
        return tidy.toString();
    }

    /** The host in lower case, empty where there is none. */
    static String host(String url) {
        try {
            String host = URI.create(url).getHost();
            return host == null ? "" : host.toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException notUrl) {
            return "";
        }
    }

    /** The URL as a link's target: tidy, if it is an http, https or mailto URL, otherwise null. */
    static @Nullable String linkTarget(String url) {
        String tidy = tidy(url);
        if (LINK.matcher(tidy).lookingAt()) {
            // An address that stood as a part has its @ encoded; mail programs want to see it.
            return tidy.startsWith("mailto:") ? tidy.replaceFirst("^(mailto:[^?@]*?)%40", "$1@") : tidy;
        }
        return null;
    }

    /** Whether a browser would open it as a web address. */
    static boolean isWeb(String url) {
        String lower = url.toLowerCase(Locale.ROOT);
        return lower.startsWith("https://") || lower.startsWith("http://");
    }
}
