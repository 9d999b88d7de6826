package dev.caravan.dryrun;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.settings.Settings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How effects are shown: as captured, and without secrets. */
class EffectViewsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final String HOOK = "https://hooks.slack.com/services/T0/B0/XYZ";

    private final EffectViews views =
            EffectViews.named(Settings.of(Path.of("."), Map.of("slack.research.webhook-url", HOOK)));

    private static Effect request(String host, String target, Map<String, List<String>> headers, String body) {
        return effect(new Effect.Request(new CapturedRequest(
                NOW, "POST", "https", host, target, headers, body.getBytes(StandardCharsets.UTF_8), 200)));
    }

    private static Effect effect(Effect.What what) {
        return new Effect(new Effect.Place("evt_1", "tell", "message", 1, 1), NOW, what);
    }

    @Test
    void aWebhookHasTheNameOfItsKeyAndItsUrlStaysHidden() {
        Effect message = request("hooks.slack.com", "/services/T0/B0/XYZ", Map.of(), "{\"text\":\"Hi\\nAnn\"}");

        assertThat(views.line(message)).isEqualTo("Slack webhook research: \"Hi | Ann\"");
        assertThat(views.json(message).toString()).doesNotContain("XYZ").contains("Slack webhook research");
    }

    @Test
    void aMessageByTokenShowsItsChannel() {
        Effect message = request(
                "slack.com",
                "/api/chat.postMessage",
                Map.of("Authorization", List.of("Bearer xoxb-secret")),
                "token=xoxb-secret&channel=%23general&text=Hi+Ann");

        assertThat(views.line(message)).isEqualTo("Slack #general: \"Hi Ann\"");
        assertThat(views.json(message).toString()).doesNotContain("xoxb-secret").contains("Bearer ***");
    }

    @Test
    void anEmailShowsItsRecipientsAndSubjectWhoeverSendsIt() {
        String mime = """
                To: Ann <ann@example.com>, =?UTF-8?Q?Zo=C3=AB?= <zoe@example.org>
                Subject: =?UTF-8?Q?New=3A_Gr=C3=BC=C3=9Fe?=
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                Hi=2C Zo=C3=AB
                """;
        Effect byServer = effect(new Effect.Request(new CapturedRequest(
                NOW,
                "POST",
                "smtp",
                "mail.example.com:587",
                "/",
                Map.of(),
                mime.getBytes(StandardCharsets.UTF_8),
                200)));
        Effect bySendGrid = request(
                "api.sendgrid.com",
                "/v3/mail/send",
                Map.of("Authorization", List.of("Bearer SG.secret")),
                "{\"personalizations\":[{\"to\":[{\"email\":\"ann@example.com\"}]}],\"subject\":\"S\",\"content\":[{\"value\":\"T\"}]}");
        Effect byMandrill = request(
                "mandrillapp.com",
                "/api/1.0/messages/send",
                Map.of(),
                "{\"key\":\"md-secret\",\"message\":{\"to\":[{\"email\":\"ann@example.com\"}],\"subject\":\"S\",\"text\":\"T\"}}");

        assertThat(views.line(byServer))
                .isEqualTo("e-mail to ann@example.com, zoe@example.org: \"New: Grüße\" by mail.example.com:587");
        assertThat(views.json(byServer))
                .containsEntry("kind", "mail")
                .containsEntry("url", "smtp://mail.example.com:587/")
                .containsEntry("subject", "New: Grüße")
                .containsEntry("text", "Hi, Zoë\n");
        assertThat(views.line(bySendGrid)).isEqualTo("e-mail to ann@example.com: \"S\" by api.sendgrid.com");
        assertThat(views.line(byMandrill)).isEqualTo("e-mail to ann@example.com: \"S\" by mandrillapp.com");
        assertThat(views.json(byMandrill)).containsEntry("text", "T");
        assertThat(views.json(bySendGrid).toString()).doesNotContain("secret");
        assertThat(views.json(byMandrill).toString()).doesNotContain("secret");
    }

    @Test
    void secretsInAUrlAreHidden() {
        Effect call = request(
                "api.example.com",
                "/v1/Zx81Kd92Jq73Lm64Np55Qr46/items?api_key=abc&page=2",
                Map.of("X-Api-Key", List.of("abc"), "Cookie", List.of("sid=1"), "Accept", List.of("*/*")),
                "");

        assertThat(views.line(call)).isEqualTo("POST https://api.example.com/v1/***/items?api_key=***&page=2");
        assertThat(views.json(call).get("headers"))
                .isEqualTo(Map.of("x-api-key", "***", "cookie", "***", "accept", "*/*"));
    }

    @Test
    void controlCharactersDoNotReachTheTerminal() {
        Effect message = request("hooks.slack.com", "/x", Map.of(), "{\"text\":\"a\\u001b[2Jb\"}");

        assertThat(views.line(message)).isEqualTo("Slack webhook: \"a [2Jb\"");
    }

    @Test
    void theTableShowsAnEventOnceAndCutsLongTexts() {
        StringWriter out = new StringWriter();
        DemoTable table = new DemoTable(100, false);
        table.add(new DemoTable.Row("koji x", "one", "succeeded", true, List.of("word ".repeat(60))));
        table.add(new DemoTable.Row("koji x", "two", "dead", false, List.of("refused")));

        table.print(new PrintWriter(out, true));

        assertThat(out.toString())
                .containsOnlyOnce("koji x")
                .contains("refused")
                .contains("...");
        assertThat(out.toString()).doesNotContain("\033");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 100);
    }

    @Test
    void aLongEventNameFitsIntoANarrowTerminal() {
        StringWriter out = new StringWriter();
        DemoTable table = new DemoTable(80, false);
        table.add(new DemoTable.Row(
                "koji interview.failed_quality_gate newer", "koji-completed-to-slack", "succeeded", true, List.of()));
        table.add(new DemoTable.Row("koeiq x", "koeiq-transcription-to-database", "succeeded", true, List.of()));

        table.print(new PrintWriter(out, true));

        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
        assertThat(out.toString()).containsPattern("newer  koji-completed-to-slack +succeeded");
    }
}
