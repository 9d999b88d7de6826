package dev.caravan.source;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A secret ready to sign. Safe for use by several threads: each signature has a copy of the prepared state. */
final class HmacKey {
    private final Mac prepared;

    // The algorithm is one like HmacSHA256.
    HmacKey(String algorithm, byte[] secret) {
        try {
            prepared = Mac.getInstance(algorithm);
            prepared.init(new SecretKeySpec(secret, algorithm));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("There is no " + algorithm + " with this key.", e);
        }
    }

    Mac begin() {
        try {
            return (Mac) prepared.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The platform's " + prepared.getAlgorithm() + " cannot be copied.", e);
        }
    }
}
