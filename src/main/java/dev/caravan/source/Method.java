package dev.caravan.source;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The signature methods. */
enum Method {
    HMAC_SHA256("hmac-sha256", "HmacSHA256"),
    HMAC_SHA1("hmac-sha1", "HmacSHA1"),
    HMAC_SHA512("hmac-sha512", "HmacSHA512"),
    STANDARD_WEBHOOKS("standard-webhooks", "HmacSHA256"),
    BEARER("bearer", ""),
    BASIC("basic", ""),
    TOKEN("token", ""),
    NONE("none", "");

    private final String spelling;
    private final String algorithm;

    Method(String spelling, String algorithm) {
        this.spelling = spelling;
        this.algorithm = algorithm;
    }

    /** Also understands the spellings {@code hmac_sha256} and {@code basic_auth} that some vendors use. */
    static Optional<Method> of(String text) {
        String plain = text.toLowerCase(Locale.ROOT).replace('_', '-');
        String name = plain.equals("basic-auth") ? "basic" : plain;
        return Arrays.stream(values())
                .filter(method -> method.spelling.equals(name))
                .findFirst();
    }

    static List<String> spellings() {
        return Arrays.stream(values()).map(Method::spelling).toList();
    }

    String spelling() {
        return spelling;
    }

    /** The JCA name, empty where nothing is computed. */
    String algorithm() {
        return algorithm;
    }
}
