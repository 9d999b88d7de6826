package dev.caravan.cli;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Sending an event as its vendor would. */
class SendCommandTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path directory;

    private final WireMockServer endpoint =
            new WireMockServer(WireMockConfiguration.options().dynamicPort());
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws Exception {
        endpoint.start();
        endpoint.stubFor(any(anyUrl()).willReturn(ok("{\"status\":\"accepted\"}")));
        Files.writeString(
                directory.resolve("application.properties"),
                "caravan.source.koji.preset = koji\ncaravan.source.koji.secret = s3cret\n"
                        + "caravan.source.silent.preset = koji\ncamel.server.port = " + endpoint.port() + "\n");
    }

    @AfterEach
    void stop() {
        endpoint.stop();
    }

    private int send(String... arguments) {
        CommandLine command = Caravan.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute(Stream.concat(Stream.of("send", "--dir", directory.toString()), Stream.of(arguments))
                .toArray(String[]::new));
    }

    private List<JsonNode> bodies() throws Exception {
        List<JsonNode> bodies = new ArrayList<>();
        for (LoggedRequest request : received()) {
            bodies.add(JSON.readTree(request.getBody()));
        }
        return bodies;
    }

    private List<LoggedRequest> received() {
        return endpoint.getAllServeEvents().stream().map(ServeEvent::getRequest).toList();
    }

    @Test
    void aSampleIsSignedAndSentToTheNodeOfTheDirectory() throws Exception {
        assertThat(send("koji", "interview.completed")).as("%s", err).isZero();

        LoggedRequest request = received().get(0);
        assertThat(request.getUrl()).isEqualTo("/webhooks/koji");
        assertThat(request.getHeader("X-Koji-Signature")).isEqualTo("sha256=" + hmac(request.getBody()));
        assertThat(out.toString()).contains("200 {\"status\":\"accepted\"}");
    }

    private static String hmac(byte[] body) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec("s3cret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(body));
    }

    @Test
    void fieldsAreSetAndTheOlderShapeCanBeAskedFor() throws Exception {
        assertThat(send("koji", "interview.completed", "--shape", "older", "--set", "data.quality_score=2"))
                .as("%s", err)
                .isZero();

        assertThat(bodies().get(0).at("/data/quality_score").intValue()).isEqualTo(2);
        assertThat(bodies().get(0).has("event")).isTrue();
    }

    @Test
    void manyAreAllDifferentEvents() throws Exception {
        assertThat(send("koji", "interview.completed", "--count", "3")).isZero();

        assertThat(bodies())
                .extracting(body -> body.at("/data/interview_id").asText())
                .hasSize(3)
                .doesNotHaveDuplicates();
    }

    @Test
    void aFileIsSentAsItIs() throws Exception {
        Path file = Files.writeString(directory.resolve("own.json"), "{\"type\":\"study.closed\",  \"a\":1}");

        assertThat(send("koji", file.toString())).as("%s", err).isZero();

        assertThat(received().get(0).getBodyAsString()).isEqualTo("{\"type\":\"study.closed\",  \"a\":1}");
    }

    @Test
    void anUnknownEventIsAnsweredWithTheKnownOnes() {
        assertThat(send("koji", "interview.complete")).isEqualTo(2);

        assertThat(err.toString()).contains("no sample interview.complete", "interview.completed", "study.published");
        assertThat(received()).isEmpty();
    }

    @Test
    void anUnknownSourceIsAnsweredWithTheKnownOnes() {
        assertThat(send("kojj", "interview.completed")).isEqualTo(2);

        assertThat(err.toString()).contains("There is no source kojj: there are koji");
    }

    @Test
    void aSourceWithoutASecretCannotSign() {
        assertThat(send("silent", "interview.completed")).isEqualTo(2);

        assertThat(err.toString()).contains("caravan.source.silent.secret");
    }

    @Test
    void anAnswerOtherThan200IsAFailure() {
        endpoint.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(401).withBody("{\"error\":\"no\"}")));

        assertThat(send("koji", "interview.completed", "--json")).isEqualTo(1);

        assertThat(out.toString()).contains("401");
    }

    @Test
    void whereNothingListensIsSaid() {
        endpoint.stop();

        assertThat(send("koji", "interview.completed", "--to", "http://127.0.0.1:1/webhooks/koji"))
                .isEqualTo(1);

        assertThat(err.toString()).contains("No answer from http://127.0.0.1:1/webhooks/koji");
    }

    @Test
    void aNodeThatSpeaksHttpsHasToBeNamed() throws Exception {
        Path settings = directory.resolve("application.properties");
        Files.writeString(settings, Files.readString(settings) + "camel.server.useGlobalSslContextParameters = true\n");

        assertThat(send("koji", "interview.completed")).isEqualTo(2);

        assertThat(err.toString()).contains("speaks HTTPS: say with --to");
    }
}
