package dev.caravan.sink;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * What a sink may have a destination know a request by, so that it can drop one that comes twice: the same for every
 * attempt of a delivery, another for every delivery, step and turn of a split or loop, and for each replay of a delivery
 * that had succeeded.
 */
public final class DeliveryKey {
    /** Exchange property: the key of the delivery that the exchange runs. */
    public static final String PROPERTY = "CaravanDeliveryKey";

    /** Exchange property: the place of the step that the exchange is in, with the turns of the splits around it. */
    public static final String STEP = "CaravanStepKey";

    private DeliveryKey() {}

    /** The delivery's key; null where the exchange runs no delivery. */
    static @Nullable String of(Exchange exchange) {
        String key = exchange.getProperty(PROPERTY, String.class);
        return key == null ? exchange.getVariable("deliveryId", String.class) : key;
    }

    /** 64 hexadecimal digits for the delivery and the step. */
    public static String hash(Exchange exchange) {
        return HexFormat.of().formatHex(digest(exchange));
    }

    /** 16 hexadecimal digits for the place of the step alone; null where the exchange is in none. */
    static @Nullable String stepHash(Exchange exchange) {
        String step = exchange.getProperty(STEP, String.class);
        return step == null ? null : HexFormat.of().formatHex(sha256(step)).substring(0, 16);
    }

    /** A UUID for the delivery and the step, in the form of version 4 (RFC 9562, 5.4). */
    public static String uuid(Exchange exchange) {
        byte[] bytes = digest(exchange);
        bytes[6] = (byte) ((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte) ((bytes[8] & 0x3f) | 0x80);
        String hex = HexFormat.of().formatHex(bytes, 0, 16);
        return String.join(
                "-",
                hex.substring(0, 8),
                hex.substring(8, 12),
                hex.substring(12, 16),
                hex.substring(16, 20),
                hex.substring(20));
    }

    private static byte[] digest(Exchange exchange) {
        String delivery = of(exchange);
        String step = exchange.getProperty(STEP, String.class);
        String text = (delivery == null ? "exchange " + exchange.getExchangeId() : "delivery " + delivery)
                + (step == null ? "" : " step " + step);
        return sha256(text);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("This Java has no SHA-256", missing);
        }
    }
}
