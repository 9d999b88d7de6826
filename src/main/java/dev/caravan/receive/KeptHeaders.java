package dev.caravan.receive;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The headers of a request as they are kept. One that carries a credential is kept as a keyed digest: enough to verify
 * it later, useless to who reads the database.
 */
final class KeptHeaders {
    private static final String ALGORITHM = "HmacSHA256";

    private final byte[] key;

    KeptHeaders(byte[] key) {
        this.key = key.clone();
    }

    Map<String, String> of(Reception reception) {
        Set<String> credentials = reception.source().secretHeaderNames();
        Map<String, String> kept = new LinkedHashMap<>();
        for (String name : reception.request().headers().names()) {
            List<String> values = reception.request().headers().all(name);
            String value = String.join(", ", values);
            kept.put(name, credentials.contains(name) ? digest(value) : value);
        }
        return kept;
    }

    private String digest(String value) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return "digest:" + HexFormat.of().formatHex(mac.doFinal(value.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
        }
    }
}
