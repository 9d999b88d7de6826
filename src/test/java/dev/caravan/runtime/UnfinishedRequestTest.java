package dev.caravan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.settings.InvalidSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that do not end, and what a node is told of a start that fails. */
class UnfinishedRequestTest {
    private static final String SOURCE = """
            camel.server.port = 0
            camel.management.port = 0
            caravan.source.acme.signature = none
            caravan.source.acme.signature.none.accepted = true
            caravan.source.acme.event-type = /event
            """;

    @TempDir
    private Path directory;

    private Node node(String more) throws Exception {
        Files.writeString(directory.resolve("application.properties"), SOURCE + more);
        return Node.start(NodeConfig.read(directory), NodeOptions.of(directory));
    }

    /** Sends part of a request and reads until the node closes the connection. */
    private static String half(Node node, String body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), node.port())) {
            socket.setSoTimeout(10_000);
            String head = "POST /webhooks/acme HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n";
            socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void aBodyThatStopsHalfWayIsAnsweredAndItsConnectionClosed() throws Exception {
        try (Node node = node("")) {
            assertThat(half(node, "{\"event\"")).startsWith("HTTP/1.1 503").contains("Retry-After");
        }
    }

    @Test
    void bodiesTogetherHaveABoundThatFinishedRequestsLeave() throws Exception {
        try (Node node = node("caravan.http.max-in-flight-bytes = 64\n")) {
            assertThat(half(node, "x".repeat(100))).contains("too many requests are in flight");
            for (int i = 0; i < 3; i++) {
                assertThat(post(node, "{\"event\":\"done\",\"n\":" + i + "}")).isEqualTo(200);
            }
        }
    }

    private static int post(Node node, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/webhooks/acme"))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpClient client = HttpClient.newHttpClient();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    @Test
    void aCamelSettingThatDoesNotExistIsNamedWithoutItsValue() {
        assertThatThrownBy(() -> node("camel.main.nme = s3cret\n").close())
                .isInstanceOf(InvalidSettings.class)
                .hasMessageContaining("camel.main.nme")
                .hasMessageNotContaining("s3cret");
    }
}
