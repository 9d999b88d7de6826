package dev.caravan.source;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;

/**
 * Keyed digests of credentials: enough to compare them with a secret later, useless to who reads the database without
 * its key. Safe for use by several threads.
 */
public final class CredentialDigests {
    private static final String KEPT = "digest:";
    private static final HexFormat HEX = HexFormat.of();

    private final HmacKey key;

    public CredentialDigests(byte[] key) {
        this.key = new HmacKey("HmacSHA256", key);
    }

    /** What is kept of a header whose value is a credential. */
    public String ofHeader(String header, String value) {
        return KEPT + digest("header", canonical(header, value));
    }

    /** What is kept of a secret, to recognize it by. */
    String ofSecret(String source, String secret) {
        return digest("secret", source + '\n' + secret);
    }

    /** The name of an authentication scheme counts whatever its case is (RFC 9110, 11.1). */
    private static String canonical(String header, String value) {
        int space = header.equalsIgnoreCase("Authorization") ? value.indexOf(' ') : -1;
        return space < 0 ? value : value.substring(0, space).toLowerCase(Locale.ROOT) + value.substring(space);
    }

    private String digest(String purpose, String text) {
        Mac mac = key.begin();
        mac.update((purpose + '\n' + text).getBytes(StandardCharsets.UTF_8));
        return HEX.formatHex(mac.doFinal());
    }
}
