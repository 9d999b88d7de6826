package dev.caravan.sink;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** URLs that payloads bring. */
final class UrlText {
    private static final String ALLOWED = "-._~:/?#[]@!$&'()*+,;=%";

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

    /** Whether a browser would open it as a web address. */
    static boolean isWeb(String url) {
        String lower = url.toLowerCase(Locale.ROOT);
        return lower.startsWith("https://") || lower.startsWith("http://");
    }
}
