package dev.caravan.sink.salesforce;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** RSA private keys as PEM text: PKCS#8 ({@code PRIVATE KEY}) and PKCS#1 ({@code RSA PRIVATE KEY}), not encrypted. */
final class PemKey {
    /** Version 0 and the algorithm rsaEncryption (RFC 5208, 5; RFC 8017, A.1). */
    private static final byte[] RSA = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;

    private PemKey() {}

    /**
     * Reads a key; line breaks may be written as {@code \n}, as they are in environment variables.
     *
     * @throws IllegalArgumentException if it is none; the message does not quote it
     */
    static PrivateKey read(String kamelet, String pem) {
        try {
            String base64 =
                    pem.replace("\\n", "\n").replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
            byte[] der = Base64.getDecoder().decode(base64);
            byte[] pkcs8 = pem.contains("BEGIN RSA PRIVATE KEY") ? wrapped(der) : der;
            return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException | IllegalArgumentException notKey) {
            throw new IllegalArgumentException(
                    "The parameter privateKey of " + kamelet
                            + " is not an unencrypted RSA private key in PEM form: make one with openssl genpkey -algorithm RSA",
                    notKey);
        }
    }

    private static byte[] wrapped(byte[] pkcs1) {
        byte[] key = element(OCTET_STRING, pkcs1);
        byte[] content = new byte[RSA.length + key.length];
        System.arraycopy(RSA, 0, content, 0, RSA.length);
        System.arraycopy(key, 0, content, RSA.length, key.length);
        return element(SEQUENCE, content);
    }

    /** A DER element of up to 65,535 bytes. */
    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream der = new ByteArrayOutputStream(content.length + 4);
        der.write(tag);
        der.write(0x82);
        der.write(content.length >> 8);
        der.write(content.length);
        der.writeBytes(content);
        return der.toByteArray();
    }
}
