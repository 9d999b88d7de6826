package dev.caravan.sink.email;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.sink.Budgets;
import dev.caravan.sink.Destinations;
import dev.caravan.sink.DownloadRules;
import dev.caravan.sink.SinkRoutes;
import dev.caravan.sink.Sinks;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In demo and dry run the capturing server gets the message, and no mail server hears of it. */
@Timeout(60)
class CapturedEmailTest {
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
                          host: localhost
                          port: PORT
                          username: caravan
                          password: right
                          from: research@example.com
                          to: "${body[to]}"
                          subject: "Grüße ${body[name]}"
                          text: "Hello ${body[name]}"
            """;

    @Test
    void theMessageIsPostedAsItWouldBeSent() throws Exception {
        WireMockServer capture = SinkRoutes.standIn();
        capture.stubFor(any(anyUrl()).willReturn(ok()));
        Sinks captured = new Sinks(
                SinkRoutes.CLOCK,
                Destinations.capturedAt(capture.port()),
                DownloadRules.none(),
                statement -> true,
                Budgets.none());
        try (SmtpStandIn server = SmtpStandIn.plain();
                SinkRoutes routes = new SinkRoutes(captured)) {
            routes.load(ROUTE.replace("PORT", String.valueOf(server.port())));
            assertThat(routes.event(Map.of("to", "zoe@example.org", "name", "Zoë"))
                            .getException())
                    .isNull();
            assertThat(server.commands).isEmpty();
            LoggedRequest request = capture.findAll(anyRequestedFor(anyUrl())).get(0);
            assertThat(request.getUrl()).matches("/(~|%7E)/smtp/localhost:" + server.port() + "/");
            assertThat(request.getHeader("Content-Type")).isEqualTo("message/rfc822");
            assertThat(request.getBodyAsString()).doesNotContain("right");
            MimeMessage message =
                    new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(request.getBody()));
            assertThat(message.getSubject()).isEqualTo("Grüße Zoë");
            assertThat(message.getContent()).isEqualTo("Hello Zoë");
        } finally {
            capture.stop();
        }
    }
}
