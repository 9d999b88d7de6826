package dev.caravan.sink;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A Kamelet parameter's value in a form that Camel's property and URI machinery leaves alone: a prefix and unpadded
 * base64url of its UTF-8 bytes. Without it Camel resolves <code>{{…}}</code>, takes {@code #name} for a bean, cuts at
 * {@code &} and drops line breaks.
 *
 * <p>It is an encoding, not a protection: whoever sees the text can read the value.
 */
public final class ParameterCode {
    private static final String PREFIX = "caravan64.";

    private ParameterCode() {}

    /** The value in ASCII letters, digits, {@code .}, {@code -} and {@code _}; {@link #decode} returns it exactly. */
    public static String encode(String value) {
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    }

    /** The value that was encoded; a text that was not encoded is returned as it is. */
    public static String decode(String text) {
        if (!text.startsWith(PREFIX)) {
            return text;
        }
        try {
            return new String(Base64.getUrlDecoder().decode(text.substring(PREFIX.length())), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }
}
