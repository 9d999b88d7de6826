package dev.caravan.sink;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Whose rate limit a delivery uses up.
 *
 * @param kamelet the sink's Kamelet
 * @param id a digest of what names the account at its vendor
 * @param stated what the vendor says that an account may send; empty where it says nothing
 * @param requests that one delivery makes at most, where nothing fails
 */
public record Account(String kamelet, String id, Optional<Rate> stated, int requests) {

    /**
     * An account, known by a text of its own (a token, a webhook's URL), of which only a digest is kept.
     *
     * @param vendorHost the vendor's own host, at which alone its stated rate holds; a part of it, after a dot, counts too
     * @param url where requests go
     */
    public static Account of(
            String kamelet, String text, Optional<Rate> stated, String vendorHost, String url, int requests) {
        String host = UrlText.host(url);
        boolean vendors = host.equals(vendorHost) || host.endsWith("." + vendorHost);
        return new Account(kamelet, digest(text), vendors ? stated : Optional.empty(), requests);
    }

    /** The vendor's name among the settings: the first word of the Kamelet's. */
    String vendor() {
        return vendorOf(kamelet);
    }

    static String vendorOf(String kamelet) {
        int dash = kamelet.indexOf('-');
        return dash < 0 ? kamelet : kamelet.substring(0, dash);
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("This Java has no SHA-256", missing);
        }
    }
}
