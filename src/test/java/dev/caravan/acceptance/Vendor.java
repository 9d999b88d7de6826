package dev.caravan.acceptance;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs as the vendors' pages say, by no code of Caravan's. */
public final class Vendor {
    private Vendor() {}

    /** Koji: "X-Koji-Signature: sha256=" and the hex HMAC-SHA256 of the raw body. */
    public static String koji(String secret, byte[] body) {
        return "sha256=" + hmacSha256(secret, body);
    }

    /** Kejue: "X-Kejue-Signature: sha256=" and the hex HMAC-SHA256 of the timestamp, a dot and the raw body. */
    static String kejue(String secret, String timestamp, String body) {
        return "sha256=" + hmacSha256(secret, (timestamp + "." + body).getBytes(StandardCharsets.UTF_8));
    }

    public static String hmacSha256(String secret, byte[] text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Koji's interview.completed as its integration page shows it, with ids of the test's choosing. */
    public static String interview(String id, String study, String name) {
        return """
                {"type":"interview.completed","timestamp":"2026-03-14T09:26:53Z","data":{"interview_id":"%s",\
                "study_id":"%s","participant":{"name":"%s","email":"alex@example.com"},"quality_score":4}}""".formatted(id, study, name);
    }

    public static String interview(String id) {
        return interview(id, "study_1", "Alex");
    }
}
