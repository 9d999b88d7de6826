package dev.caravan.sink.email;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/**
 * Certificates that are trusted, instead of those that Java brings along.
 *
 * @param socketFactory makes connections to servers whose certificates these vouch for
 */
record TrustedCertificates(SSLSocketFactory socketFactory) {

    /**
     * Reads certificates.
     *
     * @param pem one or several, as PEM (RFC 7468)
     * @throws IllegalArgumentException if it is none
     */
    static TrustedCertificates of(String pem) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)))) {
                store.setCertificateEntry("trusted-" + store.size(), certificate);
            }
            if (store.size() == 0) {
                throw wrong();
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext tls = SSLContext.getInstance("TLS");
            tls.init(null, trust.getTrustManagers(), null);
            return new TrustedCertificates(tls.getSocketFactory());
        } catch (GeneralSecurityException | IOException unreadable) {
            throw wrong();
        }
    }

    private static IllegalArgumentException wrong() {
        return new IllegalArgumentException(
                "email-sink: the parameter trustedCertificates is not PEM: give -----BEGIN CERTIFICATE----- blocks");
    }
}
