package dev.caravan.sink.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.SinkRoutes;
import java.io.FileInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS is required where it is asked for, and the server's certificate and name are verified. */
@Timeout(60)
class EmailTlsTest {
    private static final String PASSWORD = "change-it";
    private static final String ROUTE = """
            - route:
                id: mailed
                from:
                  uri: direct:in
                  steps:
                    - to:
                        id: mail
                        uri: kamelet:email-sink
                        parameters:
                          host: HOST
                          port: PORT
                          security: SECURITY
                          trustedCertificates: |
                            PEM
                          username: caravan
                          password: right
                          from: research@example.com
                          to: one@example.com
                          subject: Hello
                          text: Hello
            """;

    @TempDir
    private static Path directory;

    private static KeyStore keys;
    private final SinkRoutes routes = SinkRoutes.sending();

    @BeforeAll
    static void certificate() throws Exception {
        Path file = directory.resolve("keystore.p12");
        Process made = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "mail",
                        "-keyalg",
                        "EC",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD,
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=dns:localhost")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.log").toFile())
                .start();
        assertThat(made.waitFor()).isZero();
        keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = new FileInputStream(file.toFile())) {
            keys.load(in, PASSWORD.toCharArray());
        }
    }

    @AfterEach
    void stop() {
        routes.close();
    }

    private static SSLContext context() throws Exception {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    private static String pem() throws Exception {
        return "-----BEGIN CERTIFICATE-----\n                "
                + Base64.getEncoder().encodeToString(keys.getCertificate("mail").getEncoded())
                + "\n                -----END CERTIFICATE-----";
    }

    private Exchange send(SmtpStandIn server, String host, String security, boolean trusting) throws Exception {
        String route = ROUTE.replace("HOST", host)
                .replace("PORT", String.valueOf(server.port()))
                .replace("SECURITY", security);
        String trust = "              trustedCertificates: |\n                PEM\n";
        assertThat(route).contains(trust);
        routes.load(trusting ? route.replace("PEM", pem()) : route.replace(trust, ""));
        return routes.event(Map.of());
    }

    private static void assertNothingWasTold(SmtpStandIn server, Exchange done) {
        assertThat(done.getException()).isInstanceOf(StepFailure.class);
        assertThat(done.getException(StepFailure.class).kind()).isNotEqualTo(StepFailure.Kind.UNSURE);
        assertThat(server.commands).noneMatch(line -> line.startsWith("AUTH") || line.startsWith("MAIL"));
        assertThat(server.messages).isEmpty();
    }

    @Test
    void afterStarttlsTheMessageGoesOut() throws Exception {
        try (SmtpStandIn server = new SmtpStandIn(context(), false)) {
            assertThat(send(server, "localhost", "starttls", true).getException())
                    .isNull();
            assertThat(server.commands.indexOf("STARTTLS")).isEqualTo(1);
            assertThat(server.messages).hasSize(1);
        }
    }

    @Test
    void withTlsFromTheBeginningTheMessageGoesOut() throws Exception {
        try (SmtpStandIn server = new SmtpStandIn(context(), true)) {
            assertThat(send(server, "localhost", "tls", true).getException()).isNull();
            assertThat(server.messages).hasSize(1);
        }
    }

    @Test
    void aServerThatDoesNotOfferStarttlsGetsNothing() throws Exception {
        try (SmtpStandIn server = SmtpStandIn.plain()) {
            Exchange done = send(server, "localhost", "starttls", true);
            assertNothingWasTold(server, done);
            assertThat(done.getException(StepFailure.class))
                    .returns(StepFailure.Kind.PERMANENT, StepFailure::kind)
                    .hasMessageContaining("STARTTLS");
        }
    }

    @Test
    void aServerThatRefusesStarttlsGetsNothing() throws Exception {
        try (SmtpStandIn server = new SmtpStandIn(context(), false).replies("STARTTLS", "454 not now")) {
            Exchange done = send(server, "localhost", "starttls", true);
            assertNothingWasTold(server, done);
            assertThat(done.getException(StepFailure.class).kind()).isEqualTo(StepFailure.Kind.PASSING);
        }
    }

    @Test
    void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
        try (SmtpStandIn server = new SmtpStandIn(context(), false)) {
            assertNothingWasTold(server, send(server, "localhost", "starttls", false));
        }
    }

    @Test
    void aCertificateForAnotherNameIsRefused() throws Exception {
        try (SmtpStandIn server = new SmtpStandIn(context(), true)) {
            assertNothingWasTold(server, send(server, "127.0.0.1", "tls", true));
        }
    }
}
