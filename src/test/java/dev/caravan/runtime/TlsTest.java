package dev.caravan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.settings.InvalidSettings;
import java.io.FileInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The public listener with a certificate of its own, by the keys that the README names. */
class TlsTest {
    private static final String PASSWORD = "changeit";

    @TempDir
    Path directory;

    @Test
    void itAnswersHttpsWithTheKeyStoreOfItsDirectory() throws Exception {
        KeyStore store = keyStore();
        settings(PASSWORD, "file:keystore.p12");

        try (Node node = Node.start(NodeConfig.read(directory), NodeOptions.of(directory))) {
            URI ping = URI.create("https://localhost:" + node.port() + "/webhooks/koji");
            HttpResponse<String> answer =
                    trusting(store).send(HttpRequest.newBuilder(ping).build(), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
        }
    }

    @Test
    void aWrongPasswordIsNamedBeforeAnythingStarts() throws Exception {
        keyStore();
        settings("guess-me-not", "file:keystore.p12");

        assertThatThrownBy(() -> NodeConfig.read(directory))
                .isInstanceOf(InvalidSettings.class)
                .hasMessage("camel.ssl.keystorePassword does not open the key store:"
                        + " give the one that it was made with.");
    }

    @Test
    void aMissingFileIsNamedWithWhereItWasLookedFor() throws Exception {
        settings(PASSWORD, "file:nowhere.p12");

        assertThatThrownBy(() -> NodeConfig.read(directory))
                .hasMessageContaining(directory.resolve("nowhere.p12") + ", which cannot be read");
    }

    @Test
    void anythingElseThanAKeyStoreIsToldApart() throws Exception {
        Files.writeString(directory.resolve("cert.pem"), "-----BEGIN CERTIFICATE-----\n");
        settings(PASSWORD, "file:cert.pem");

        assertThatThrownBy(() -> NodeConfig.read(directory)).hasMessageContaining("cert.pem, which is no key store");
    }

    @Test
    void useWithoutACertificateIsNoSilentHttp() throws Exception {
        Files.writeString(
                directory.resolve("application.properties"), "camel.server.useGlobalSslContextParameters = true\n");

        assertThatThrownBy(() -> NodeConfig.read(directory)).hasMessageContaining("set camel.ssl.enabled to true too");
    }

    private void settings(String password, String file) throws Exception {
        Files.writeString(directory.resolve("application.properties"), """
                caravan.source.koji.preset = koji
                camel.server.host = 127.0.0.1
                camel.server.port = 0
                camel.management.port = %d
                camel.ssl.enabled = true
                camel.ssl.keyStore = %s
                camel.ssl.keystorePassword = %s
                camel.server.useGlobalSslContextParameters = true
                """.formatted(freePort(), file, password));
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private KeyStore keyStore() throws Exception {
        Path file = directory.resolve("keystore.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process made = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "caravan",
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
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = new FileInputStream(file.toFile())) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static HttpClient trusting(KeyStore store) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("caravan", store.getCertificate("caravan"));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return HttpClient.newBuilder().sslContext(context).build();
    }
}
