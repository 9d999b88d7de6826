package dev.caravan.dryrun;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.sink.Destinations;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The capturing server plays every vendor, and tells exactly what was sent to it. */
class CaptureServerTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<CapturedRequest> seen = new CopyOnWriteArrayList<>();
    private final CaptureServer server = CaptureServer.start(Clock.fixed(NOW, ZoneOffset.UTC), seen::add);
    private final Destinations destinations = Destinations.capturedAt(server.port());
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> send(String method, String url, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(destinations.of(url)))
                .header("Authorization", "Bearer xoxb-1")
                .method(method, BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    @Test
    void whatIsSentIsRecordedAsItWasMeant() throws Exception {
        send("PUT", "https://api.example.com:8443/a%20b/c?d=e%26f&g=%C3%A4", "{\"text\":\"grüß Gott 🎉\"}");

        CapturedRequest request = seen.get(0);
        assertThat(request.at()).isEqualTo(NOW);
        assertThat(request.method()).isEqualTo("PUT");
        assertThat(request.url()).isEqualTo("https://api.example.com:8443/a%20b/c?d=e%26f&g=%C3%A4");
        assertThat(request.header("authorization")).contains("Bearer xoxb-1");
        assertThat(request.header("host")).isEmpty();
        assertThat(request.text()).isEqualTo("{\"text\":\"grüß Gott 🎉\"}");
        assertThat(request.status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, https://hooks.slack.com/services/T0/B0/X, 200, ok",
        "POST, https://demo.atlassian.net/rest/api/3/issue, 201, DEMO-",
        "POST, https://demo.atlassian.net/wiki/api/v2/pages, 200, current",
        "POST, https://api.sendgrid.com/v3/mail/send, 202, ''",
        "POST, https://mandrillapp.com/api/1.0/messages/send, 200, sent",
        "PUT, https://us1.api.mailchimp.com/3.0/lists/1/members/2, 200, subscribed",
        "POST, https://us1.api.mailchimp.com/3.0/lists/1/members/2/tags, 204, ''",
        "POST, https://us1.api.mailchimp.com/3.0/lists/1/members/2/events, 204, ''",
        "POST, https://api2.amplitude.com/2/httpapi, 200, events_ingested",
        "POST, https://api.mixpanel.com/import?strict=1, 200, num_records_imported",
        "POST, https://api.hubapi.com/crm/v3/objects/contacts, 201, properties",
        "POST, https://api.notion.com/v1/pages, 200, page",
        "POST, https://api.linear.app/graphql, 200, issueCreate",
        "GET, https://files.example.com/transcripts/abc.json, 200, messages",
        "POST, https://hooks.zapier.com/hooks/catch/1/2, 200, success",
        "GET, http://anything.example.com, 200, status",
    })
    void vendorsAnswerAsTheyWould(String method, String url, int status, String holds) throws Exception {
        HttpResponse<String> answer = send(method, url, "{}");

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.body()).contains(holds);
    }

    @ParameterizedTest
    @CsvSource({"auth.test, user_id", "chat.postMessage, ts"})
    void slacksWebApiIsOk(String method, String field) throws Exception {
        JsonNode answer = JSON.readTree(
                send("POST", "https://slack.com/api/" + method, "channel=C1").body());

        assertThat(answer.path("ok").asBoolean()).isTrue();
        assertThat(answer.has(field)).isTrue();
    }

    @Test
    void salesforceLogsInWithAnOrganisationOfEighteenCharacters() throws Exception {
        JsonNode answer = JSON.readTree(
                send("POST", "https://login.salesforce.com/services/oauth2/token", "grant_type=client_credentials")
                        .body());

        assertThat(answer.path("access_token").asText()).isNotEmpty();
        assertThat(answer.path("instance_url").asText()).isEqualTo("https://demo.my.salesforce.com");
        assertThat(answer.path("id").asText()).matches(".*/id/[0-9A-Za-z]{18}/[0-9A-Za-z]{18}");
    }

    @Test
    void aCompositeRequestIsAnsweredPartByPart() throws Exception {
        JsonNode answer = JSON.readTree(send(
                        "POST",
                        "https://demo.my.salesforce.com/services/data/v67.0/composite",
                        "{\"compositeRequest\":[{\"referenceId\":\"contact\"},{\"referenceId\":\"task\"}]}")
                .body());

        assertThat(answer.path("compositeResponse").findValuesAsText("referenceId"))
                .containsExactly("contact", "task");
        assertThat(answer.path("compositeResponse").findValuesAsText("id")).doesNotHaveDuplicates();
    }

    @Test
    void whatDoesNotComeFromASinkIsNotFound() throws Exception {
        URI direct = URI.create("http://127.0.0.1:" + server.port() + "/api/chat.postMessage");

        HttpResponse<byte[]> answer = http.send(HttpRequest.newBuilder(direct).build(), BodyHandlers.ofByteArray());

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8)).isEmpty();
        assertThat(seen).isEmpty();
    }
}
