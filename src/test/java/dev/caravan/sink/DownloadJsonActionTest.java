package dev.caravan.sink;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import dev.caravan.delivery.StepFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadJsonActionTest {
    private static final String ROUTE = """
            - route:
                id: fetched
                from:
                  uri: direct:in
                  steps:
                    - to:
                        id: transcript
                        uri: kamelet:download-json-action
                        parameters:
                          url: "${body[url]}"
                          variable: transcript
            """;

    private final WireMockServer standIn = SinkRoutes.standIn();

    @AfterEach
    void stop() {
        standIn.stop();
    }

    private static DownloadRules rules(List<String> hosts, List<String> privateHosts) {
        return new DownloadRules(hosts, privateHosts, 1_000, Duration.ofMillis(700));
    }

    private static Exchange fetch(String url, DownloadRules rules) throws Exception {
        try (SinkRoutes routes = new SinkRoutes(Sinks.inService(SinkRoutes.CLOCK, rules, Budgets.none())).load(ROUTE)) {
            return routes.event(Map.of("url", url));
        }
    }

    private Exchange fetchHere(ResponseDefinitionBuilder answer) throws Exception {
        standIn.stubFor(any(anyUrl()).willReturn(answer));
        return fetch(standIn.baseUrl() + "/t.json?a=1&b=2", rules(List.of(), List.of("localhost")));
    }

    private static StepFailure.Kind kind(Exchange exchange) {
        assertThat(exchange.getException()).isInstanceOf(StepFailure.class);
        return exchange.getException(StepFailure.class).kind();
    }

    @Test
    void jsonBecomesAVariableAndTheBodyStaysTheEvent() throws Exception {
        Exchange done = fetchHere(okJson("{\"lines\":[{\"text\":\"Hi é\"}]}"));
        assertThat(done.getException()).isNull();
        assertThat(done.getVariable("transcript")).isEqualTo(Map.of("lines", List.of(Map.of("text", "Hi é"))));
        assertThat(done.getMessage().getBody()).isEqualTo(Map.of("url", standIn.baseUrl() + "/t.json?a=1&b=2"));
        assertThat(standIn.findAll(anyRequestedFor(anyUrl())).get(0).getUrl()).isEqualTo("/t.json?a=1&b=2");
    }

    @Test
    void plainTextStaysTextAndAnythingElseIsRefused() throws Exception {
        assertThat(fetchHere(aResponse()
                                .withHeader("Content-Type", "text/plain")
                                .withBody("Hi"))
                        .getVariable("transcript"))
                .isEqualTo("Hi");
        assertThat(kind(fetchHere(
                        aResponse().withHeader("Content-Type", "text/html").withBody("<p>"))))
                .isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(kind(fetchHere(okJson("{not json")))).isEqualTo(StepFailure.Kind.PERMANENT);
    }

    @Test
    void noUrlFetchesNothing() throws Exception {
        Exchange done = fetch("", rules(List.of(), List.of()));
        assertThat(done.getException()).isNull();
        assertThat(done.getVariable("transcript")).isNull();
    }

    @ParameterizedTest
    @CsvSource({"302, PERMANENT", "404, PERMANENT", "429, PASSING", "500, PASSING", "503, PASSING"})
    void statusesAreClassifiedAndRedirectsNotFollowed(int status, StepFailure.Kind kind) throws Exception {
        assertThat(kind(fetchHere(aResponse().withStatus(status).withHeader("Location", "/elsewhere"))))
                .isEqualTo(kind);
        assertThat(standIn.findAll(anyRequestedFor(anyUrl()))).hasSize(1);
    }

    @Test
    void aDownloadThatIsTooLargeIsRefused() throws Exception {
        assertThat(kind(fetchHere(okJson("\"" + "x".repeat(2_000) + "\"")))).isEqualTo(StepFailure.Kind.PERMANENT);
    }

    @Test
    @Timeout(20)
    void aDownloadThatDripsIsEnded() throws Exception {
        ResponseDefinitionBuilder slow =
                okJson("[\"x\"]").withChunkedDribbleDelay(5, (int) TimeUnit.SECONDS.toMillis(10));
        assertThat(kind(fetchHere(slow))).isEqualTo(StepFailure.Kind.PASSING);
    }

    @Test
    @Timeout(20)
    void headersThatDripAreEndedToo() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread dripping = new Thread(() -> drip(server));
            dripping.setDaemon(true);
            dripping.start();
            String url = "http://localhost:" + server.getLocalPort() + "/";
            assertThat(kind(fetch(url, rules(List.of(), List.of("localhost"))))).isEqualTo(StepFailure.Kind.PASSING);
        }
    }

    private static void drip(ServerSocket server) {
        try (Socket socket = server.accept();
                OutputStream out = socket.getOutputStream()) {
            out.write("HTTP/1.1 200 OK\r\nX-Long: ".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write('x');
                out.flush();
                TimeUnit.MILLISECONDS.sleep(100);
            }
        } catch (IOException | InterruptedException ended) {
            // The client went away, which is what the test waits for.
        }
    }

    @Test
    void onlyListedHostsAreFetchedFrom() throws Exception {
        DownloadRules rules = rules(List.of("*.koji.so", "a.example"), List.of());
        for (String url : List.of(
                "https://evil.example/x",
                "https://koji.so.evil.example/x",
                "https://koji.so/x",
                "https://a.example@evil.example/x",
                "http://a.example/x",
                "file:///etc/passwd",
                "https://app.koji.so:notaport/x")) {
            assertThat(kind(fetch(url, rules))).as(url).isEqualTo(StepFailure.Kind.PERMANENT);
        }
    }

    @Test
    void aListedHostWithAPrivateAddressIsNotConnectedTo() throws Exception {
        String url = "https://localhost:" + standIn.port() + "/";
        Exchange refused = fetch(url, rules(List.of("localhost"), List.of()));
        assertThat(kind(refused)).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(refused.getException()).hasMessageContaining("not public");
        assertThat(kind(fetch("https://127.0.0.1:" + standIn.port(), rules(List.of("127.0.0.1"), List.of()))))
                .isEqualTo(StepFailure.Kind.PERMANENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "192.0.0.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd00:ec2::254",
                "ff02::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "2002:a00:1::",
                "2001:db8::1",
                "fec0::1"
            })
    void addressesThatAreNotPublic(String address) throws Exception {
        assertThat(PublicAddress.isPublic(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "64:ff9b::808:808"})
    void addressesThatArePublic(String address) throws Exception {
        assertThat(PublicAddress.isPublic(InetAddress.getByName(address))).isTrue();
    }
}
