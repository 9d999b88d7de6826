package dev.caravan.sink.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.Hostile;
import dev.caravan.sink.SinkRoutes;
import dev.caravan.sink.TextLimit;
import jakarta.mail.Address;
import jakarta.mail.BodyPart;
import jakarta.mail.Header;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With GreenMail as the mail server. */
@Timeout(60)
class EmailSinkTest {
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
                          security: none
                          from: "${body[team]} <research@example.com>"
                          to: "lead@example.com, ${body[name]} <${body[email]}>, ${body[others]}"
                          replyTo: "${body[reply]}"
                          subject: "New: ${body[title]}"
                          body: |-
                            # ${body[title]}
                            Said **${body[name]}**:
                            ${body[quote]}

                            - ${body[points]}

                            [Report](https://example.com/r/${body[id]})
            """;

    private final GreenMail greenMail = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTP));
    private final SinkRoutes routes = SinkRoutes.sending();

    @BeforeEach
    void start() {
        greenMail.start();
    }

    @AfterEach
    void stop() {
        routes.close();
        greenMail.stop();
    }

    private void load(String yaml) throws Exception {
        routes.load(yaml.replace("PORT", String.valueOf(greenMail.getSmtp().getPort())));
    }

    private static Map<String, Object> event(String name, String value) {
        Map<String, Object> event = new HashMap<>(Map.of(
                "team", "Research, EU",
                "name", "Zoë",
                "email", "zoe@example.org",
                "title", "Churn",
                "quote", "It broke.",
                "id", "42"));
        event.put(name, value);
        return event;
    }

    private MimeMessage onlyMessage() {
        assertThat(greenMail.getReceivedMessages()).isNotEmpty();
        return greenMail.getReceivedMessages()[0];
    }

    private static String part(MimeMessage message, int index) throws Exception {
        BodyPart part = ((MimeMultipart) message.getContent()).getBodyPart(index);
        return ((String) part.getContent()).replace("\r\n", "\n");
    }

    private static StepFailure failure(Exchange done) {
        assertThat(done.getException()).isInstanceOf(StepFailure.class);
        return done.getException(StepFailure.class);
    }

    @Test
    void aTextAndAnHtmlPartReachEachRecipientOnce() throws Exception {
        load(ROUTE);
        Map<String, Object> event = event("others", "");
        event.put("others", List.of("zoe@EXAMPLE.org", "max@bücher.example"));
        event.put("points", List.of("price & plan", "speed"));
        event.put("reply", "Desk <desk@example.com>");
        Exchange done = routes.event(event);
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isEqualTo(event);
        assertThat(greenMail.getReceivedMessages()).hasSize(3);

        MimeMessage message = onlyMessage();
        assertThat(message.getSubject()).isEqualTo("New: Churn");
        assertThat(message.getFrom())
                .containsExactly(new InternetAddress("research@example.com", "Research, EU", "UTF-8"));
        assertThat(message.getAllRecipients())
                .extracting(Address::toString)
                .containsExactly(
                        "lead@example.com", "=?UTF-8?Q?Zo=C3=AB?= <zoe@example.org>", "max@xn--bcher-kva.example");
        assertThat(message.getReplyTo()).extracting(Address::toString).containsExactly("Desk <desk@example.com>");
        assertThat(message.getSentDate()).isEqualTo(Date.from(SinkRoutes.NOW));
        assertThat(message.getContentType()).startsWith("multipart/alternative");
        assertThat(part(message, 0)).isEqualTo("""
                Churn

                Said Zoë:
                It broke.

                - price & plan
                - speed

                Report (https://example.com/r/42)""");
        assertThat(part(message, 1))
                .contains("<h1>Churn</h1><p>Said <strong>Zoë</strong>:<br/>It broke.</p>")
                .contains("<ul><li>price &amp; plan</li><li>speed</li></ul>")
                .contains("<a href=\"https://example.com/r/42\">Report</a>");
    }

    @Test
    void everyAttemptHasTheSameMessageId() throws Exception {
        load(ROUTE);
        routes.event(event("others", ""));
        routes.event(event("others", ""));
        Set<String> ids = new TreeSet<>();
        for (MimeMessage message : greenMail.getReceivedMessages()) {
            ids.add(message.getMessageID());
        }
        assertThat(ids).singleElement().asString().matches("<[0-9a-f]{64}@example\\.com>");
    }

    @Test
    void aTextAloneHasNoHtmlPart() throws Exception {
        load(ROUTE.substring(0, ROUTE.indexOf("body: |-")) + "text: \"a <b> & ${body[name]}\"\n");
        assertThat(routes.event(event("others", "")).getException()).isNull();
        assertThat(onlyMessage().getContentType()).isEqualToIgnoringCase("text/plain; charset=UTF-8");
        assertThat(onlyMessage().getContent()).isEqualTo("a <b> & Zoë");
    }

    @ParameterizedTest
    @MethodSource("dev.caravan.sink.Hostile#named")
    void aHostileValueIsText(String value) throws Exception {
        load(ROUTE);
        Map<String, Object> event = event("name", value);
        event.put("team", value);
        event.put("title", value);
        event.put("quote", value);
        event.put("id", value);
        event.put("points", List.of(value, "second"));
        assertThat(routes.event(event).getException()).isNull();

        MimeMessage message = onlyMessage();
        assertThat(message.getSubject().replace("\u2060", ""))
                .isEqualTo(TextLimit.cut("New: " + Escaping.HEADER.escape(value), 250)
                        .strip());
        assertThat(message.getAllRecipients())
                .extracting(address -> ((InternetAddress) address).getAddress())
                .containsExactly("lead@example.com", "zoe@example.org");
        assertThat(((InternetAddress) message.getFrom()[0]).getAddress()).isEqualTo("research@example.com");
        assertThat(Collections.list(message.getAllHeaders()))
                .extracting(Header::getName)
                .containsOnlyOnce("Subject", "To", "From", "Message-ID")
                .doesNotContain("Bcc");
        assertThat(Hostile.words(part(message, 0))).contains(Hostile.words(value));
        assertThat(part(message, 1))
                .doesNotContain("<script")
                .doesNotContain("<img")
                .doesNotContain("</ac");
        assertThat(rawLines(message))
                .allMatch(line -> line.length() <= 998 && line.chars().allMatch(c -> c < 127));
    }

    private static List<String> rawLines(MimeMessage message) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        message.writeTo(bytes);
        return Arrays.asList(bytes.toString(StandardCharsets.ISO_8859_1).split("\r\n", -1));
    }

    @ParameterizedTest(name = "{index}")
    @ValueSource(
            strings = {
                "not an address",
                "a@b.example, victim@evil.example",
                "a@b.example\r\nBcc: victim@evil.example",
                "\"a b\"@b.example",
                "a@[127.0.0.1]",
                "a@localhost",
                "ä@b.example",
                "${body[id]} x@b.example"
            })
    void whatIsNoSingleAddressIsRefusedForGoodAndNotQuoted(String value) throws Exception {
        load(ROUTE);
        StepFailure failure = failure(routes.event(event("email", value)));
        assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(failure).hasMessageContaining("parameter to").hasMessageNotContaining("@");
        assertThat(greenMail.getReceivedMessages()).isEmpty();
    }

    @Test
    void whatLooksEncodedIsNotDecoded() throws Exception {
        load(ROUTE);
        routes.event(event("title", "=?UTF-8?B?ZXZpbA==?="));
        assertThat(onlyMessage().getSubject().replace("\u2060", "")).isEqualTo("New: =?UTF-8?B?ZXZpbA==?=");
    }

    @Test
    void withoutARecipientNothingIsSent() throws Exception {
        load(ROUTE.replace("lead@example.com, ${body[name]} <${body[email]}>, ", ""));
        assertThat(failure(routes.event(event("others", "")))).hasMessageContaining("parameter to names no");
        assertThat(greenMail.getReceivedMessages()).isEmpty();
    }

    @Test
    void withoutATextNothingIsSent() throws Exception {
        load(ROUTE.substring(0, ROUTE.indexOf("body: |-")) + "body: \"${body[quote]}\"\n");
        assertThat(failure(routes.event(event("quote", " ")))).hasMessageContaining("parameter body is empty");
        assertThat(greenMail.getReceivedMessages()).isEmpty();
    }

    @Test
    void theUserLogsInAndAWrongPasswordIsPermanent() throws Exception {
        greenMail.setUser("lead@example.com", "caravan", "right");
        greenMail.getUserManager().setAuthRequired(true);
        load(ROUTE.replace(
                        "security: none",
                        "security: none\n              username: caravan\n              password: \"{{p}}\"")
                .replace("{{p}}", "right"));
        assertThat(routes.event(event("others", "")).getException()).isNull();
        assertThat(greenMail.getReceivedMessages()).isNotEmpty();
        greenMail.setUser("lead@example.com", "caravan", "changed");
        StepFailure failure = failure(routes.event(event("others", "")));
        assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(failure).hasMessageContaining("535").hasMessageNotContaining("right");
    }

    @Test
    void noSecretStandsInAnyUri() throws Exception {
        load(ROUTE.replace(
                "security: none", "security: none\n              username: caravan\n              password: right"));
        routes.event(event("others", ""));
        assertThat(routes.camel.getEndpoints())
                .extracting(endpoint -> endpoint.getEndpointUri() + endpoint)
                .noneMatch(uri -> uri.contains("right") || uri.contains("localhost"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host: localhost -> host: \"a b\"",
                "port: PORT -> port: 70000",
                "security: none -> security: ssl",
                "security: none -> username: only",
                "security: none -> trustedCertificates: no PEM",
                "lead@example.com -> lead at example.com",
                "body: -> text: x\n              body:"
            })
    void aWrongParameterIsNamed(String change) {
        String[] parts = change.split(" -> ", 2);
        String name = parts[1].contains("at example") ? "to" : parts[1].substring(0, parts[1].indexOf(':'));
        assertThatThrownBy(() -> load(ROUTE.replace(parts[0], parts[1])))
                .rootCause()
                .hasMessageContaining("email-sink")
                .hasMessageContaining(name);
    }
}
