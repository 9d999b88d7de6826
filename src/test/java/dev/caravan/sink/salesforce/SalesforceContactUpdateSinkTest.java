package dev.caravan.sink.salesforce;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.caravan.delivery.StepFailure;
import dev.caravan.delivery.StepFailure.Kind;
import dev.caravan.sink.Hostile;
import dev.caravan.sink.Look;
import dev.caravan.sink.SinkRoutes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SalesforceContactUpdateSinkTest {
    private static final String ONE = "003000000000001AAA";
    private static final String TWO = "003000000000002AAA";
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String FULL = """
            fields: "Research_Completed__c: 2026-03-01\\nScore__c: ${body[score]}\\nMissing__c: ${body[absent]}"
            accountFields: "At_Risk__c: true"
            noteTitle: "Interview: ${body[study]}"
            note: "## Summary\\n${body[summary]}\\n\\n- ${body[themes]}"
            taskSubject: "Follow up: ${body[name]}"
            taskDescription: "They said: ${body[summary]}"
            taskDueDays: "3"
            """;

    private final SalesforceStandIn org = new SalesforceStandIn(
            "salesforce-contact-update-sink", Hostile.SIMPLE, Hostile.PLACEHOLDER, Hostile.MERGE_TAGS);
    private final SinkRoutes routes = SinkRoutes.sending();

    @AfterEach
    void stop() {
        routes.close();
        org.close();
    }

    private void load(String parameters) throws Exception {
        String yaml = """
                - route:
                    id: updated
                    from:
                      uri: direct:in
                      steps:
                        - to:
                            id: contact
                            uri: kamelet:salesforce-contact-update-sink
                            parameters:
                              loginUrl: URL
                              clientId: client
                              clientSecret: secret
                              email: "${body[email]}"
                """.replace("URL", org.url());
        routes.load(yaml + parameters.indent(14));
    }

    private static Map<String, Object> event() {
        return Map.of(
                "email", "ana@example.com",
                "name", "Ana",
                "score", 8,
                "study", "Churn",
                "summary", "Likes it.\nMisses export.",
                "themes", List.of("Price", "Export"));
    }

    private JsonNode delivered(Map<String, Object> event) throws Exception {
        Exchange done = routes.event(event);
        assertThat(done.getException()).isNull();
        assertThat(done.getMessage().getBody()).isEqualTo(event);
        return org.composite();
    }

    private StepFailure failure(Map<String, Object> event) {
        Exchange done = routes.event(event);
        assertThat(done.getException()).isInstanceOf(StepFailure.class);
        return done.getException(StepFailure.class);
    }

    @Test
    void theFourUpdatesAreOneTransaction() throws Exception {
        load(FULL);
        org.finds(SalesforceStandIn.contact(ONE));
        org.does(4);
        JsonNode request = delivered(event());
        assertThat(org.soql())
                .isEqualTo("SELECT Id, OwnerId, AccountId, Account.OwnerId FROM Contact WHERE Email = 'ana@example.com'"
                        + " ORDER BY CreatedDate DESC LIMIT 26");
        String key =
                request.path("compositeRequest").get(2).path("url").asText().replaceAll(".*/|-note", "");
        assertThat(key).matches("[0-9a-f]{40}");
        assertThat(request).isEqualTo(JSON.readTree("""
                {"allOrNone":true,"compositeRequest":[
                {"method":"PATCH","url":"/services/data/v67.0/sobjects/Contact/003000000000001AAA","referenceId":"contact0",
                 "body":{"Research_Completed__c":"2026-03-01","Score__c":8}},
                {"method":"PATCH","url":"/services/data/v67.0/sobjects/Account/001000000000001AAA","referenceId":"account0",
                 "body":{"At_Risk__c":true}},
                {"method":"PATCH","url":"/services/data/v67.0/sobjects/Task/Caravan_Id__c/KEY-note","referenceId":"note0",
                 "body":{"Subject":"Interview: Churn","Description":"Summary\\n\\nLikes it.\\nMisses export.\\n\\n- Price\\n- Export",
                 "Status":"Completed","Priority":"Normal","ActivityDate":"2026-03-01","WhoId":"003000000000001AAA"}},
                {"method":"PATCH","url":"/services/data/v67.0/sobjects/Task/Caravan_Id__c/KEY-task","referenceId":"task0",
                 "body":{"Subject":"Follow up: Ana","Status":"Not Started","Priority":"Normal","Description":"They said: Likes it.\\nMisses export.",
                 "ActivityDate":"2026-03-04","WhoId":"003000000000001AAA","OwnerId":"005000000000001AAA"}}]}""".replace("KEY", key)));
    }

    /** Salesforce resolves references to other parts in any text of a body (Composite resource, referenceId). */
    @ParameterizedTest
    @CsvSource({"task, fail", "task, create", "content-note, fail", "content-note, create"})
    void noValueRefersToAnotherPart(String noteAs, String whenNone) throws Exception {
        boolean creates = whenNone.equals("create");
        load(FULL.replace("At_Risk__c: true", "Why__c: ${body[summary]}")
                .replace("Missing__c: ${body[absent]}", "LastName: ${body[name]}")
                .replace("noteTitle", "noteAs: " + noteAs + "\nwhenNone: " + whenNone + "\nnoteTitle"));
        if (creates) {
            org.finds();
        } else {
            org.finds(SalesforceStandIn.contact(ONE));
        }
        org.does((creates ? 3 : 4) + (noteAs.equals("task") ? 0 : 1));
        String reference = "@{contact0.id} and @{nobody.Name}";
        Map<String, Object> event = new HashMap<>(event());
        event.putAll(Map.of("name", reference, "score", reference, "study", reference, "summary", reference));
        String request = delivered(event).toString();
        assertThat(request).contains("\"Follow up: @\uff5bcontact0.id} and @\uff5bnobody.Name}\"");
        assertThat(request.replaceAll("\"(WhoId|LinkedEntityId)\":\"@\\{contact0\\.id}\"", "")
                        .replaceAll("\"ContentDocumentId\":\"@\\{note0\\.id}\"", ""))
                .doesNotContain("@{");
    }

    @Test
    void aSecondAttemptSendsTheSame() throws Exception {
        load(FULL);
        org.finds(SalesforceStandIn.contact(ONE));
        org.does(4);
        assertThat(delivered(event())).isEqualTo(delivered(event()));
        assertThat(org.requests(SalesforceStandIn.COMPOSITE)).hasSize(2);
        assertThat(org.requests(SalesforceStandIn.TOKEN)).hasSize(1);
    }

    @Test
    void noSecretStandsInAnyUri() throws Exception {
        load(FULL.replace("note:", "noteAs: task\nnote:"));
        assertThat(routes.camel.getEndpoints())
                .extracting(endpoint -> endpoint.getEndpointUri() + endpoint)
                .noneMatch(uri -> uri.contains("secret") || uri.contains("client"));
    }

    @Test
    void partsWithoutTextsAreLeftOut() throws Exception {
        load(FULL.replace("accountFields", "#")
                .replace("Research_Completed__c: 2026-03-01\\n", "")
                .replace("## Summary\\n", ""));
        org.finds(SalesforceStandIn.contact(ONE));
        org.does(1);
        JsonNode request = delivered(Map.of("email", "ana@example.com", "score", 1));
        assertThat(request.path("compositeRequest")).hasSize(1);
        assertThat(request.findValue("body").toString()).isEqualTo("{\"Score__c\":1}");
        int before = org.server.getAllServeEvents().size();
        assertThat(routes.event(Map.of("email", "ana@example.com")).getException())
                .isNull();
        assertThat(org.server.getAllServeEvents()).hasSize(before);
    }

    @Test
    void nobodyWithTheAddressIsAFailureUnlessItIsToBeSkipped() throws Exception {
        load("fields: \"Score__c: 1\"");
        assertThat(failure(event()).kind()).isEqualTo(Kind.PERMANENT);
        assertThat(failure(Map.of()).kind()).isEqualTo(Kind.PERMANENT);
        assertThat(failure(Map.of("email", "")).getMessage()).contains("whenNone");
        assertThat(org.requests(SalesforceStandIn.COMPOSITE)).isEmpty();
        assertThat(org.requests(SalesforceStandIn.QUERY)).hasSize(1);
    }

    @Test
    void nobodyWithTheAddressIsSkippedWhereTheAuthorSaysSo() throws Exception {
        load("fields: \"Score__c: 1\"\nwhenNone: skip");
        assertThat(routes.event(event()).getException()).isNull();
        assertThat(org.requests(SalesforceStandIn.COMPOSITE)).isEmpty();
    }

    @Test
    void aContactIsCreatedWithItsTasks() throws Exception {
        load("fields: \"LastName: ${body[name]}\"\nwhenNone: create\ntaskSubject: Call\nnote: \"${body[summary]}\"");
        org.does(3);
        JsonNode requests = delivered(event()).path("compositeRequest");
        assertThat(requests.get(0).path("method").asText()).isEqualTo("POST");
        assertThat(requests.get(0).path("url").asText()).isEqualTo("/services/data/v67.0/sobjects/Contact");
        assertThat(requests.get(0).path("body").toString())
                .isEqualTo("{\"LastName\":\"Ana\",\"Email\":\"ana@example.com\"}");
        assertThat(requests.findValuesAsText("WhoId")).containsExactly("@{contact0.id}", "@{contact0.id}");
        assertThat(requests.findValuesAsText("OwnerId")).isEmpty();
        assertThat(failure(Map.of("email", "ana@example.com", "summary", "x")).getMessage())
                .contains("LastName");
        assertThat(failure(Map.of("email", "no address", "name", "x")).getMessage())
                .contains("e-mail");
    }

    @Test
    void severalWithTheAddressFollowTheAuthorsPolicy() throws Exception {
        org.finds(SalesforceStandIn.contact(TWO), SalesforceStandIn.contact(ONE));
        load("fields: \"Score__c: 1\"");
        assertThat(failure(event()).getMessage()).contains("whenSeveral");
        assertThat(org.requests(SalesforceStandIn.COMPOSITE)).isEmpty();
    }

    @Test
    void theNewestOfSeveralIsTheFirst() throws Exception {
        org.finds(SalesforceStandIn.contact(TWO), SalesforceStandIn.contact(ONE));
        org.does(1);
        load("fields: \"Score__c: 1\"\nwhenSeveral: newest");
        assertThat(delivered(event()).findValuesAsText("url"))
                .containsExactly("/services/data/v67.0/sobjects/Contact/" + TWO);
    }

    @Test
    void severalAreSkipped() throws Exception {
        org.finds(SalesforceStandIn.contact(TWO), SalesforceStandIn.contact(ONE));
        load("fields: \"Score__c: 1\"\nwhenSeveral: skip");
        assertThat(routes.event(event()).getException()).isNull();
        assertThat(org.requests(SalesforceStandIn.COMPOSITE)).isEmpty();
    }

    @Test
    void allOfSeveralAreOneTransactionAndTheirAccountIsUpdatedOnce() throws Exception {
        org.finds(SalesforceStandIn.contact(TWO), SalesforceStandIn.contact(ONE));
        org.does(5);
        load("fields: \"Score__c: 1\"\naccountFields: \"At_Risk__c: true\"\ntaskSubject: Call\nwhenSeveral: all");
        List<String> urls = delivered(event()).findValuesAsText("url");
        assertThat(urls).hasSize(5);
        assertThat(urls.stream().filter(url -> url.contains("/Account/"))).hasSize(1);
        assertThat(urls.stream().filter(url -> url.contains("/Task/")).map(url -> url.replaceAll(".*-", "")))
                .containsExactly(TWO, ONE);
        assertThat(urls.stream().filter(url -> url.contains("/Task/")).map(url -> url.replaceAll(".*/", "")))
                .allMatch(key -> key.length() <= 64);
    }

    @Test
    void tooManyForOneTransactionAreAFailure() throws Exception {
        List<String> contacts = new ArrayList<>();
        for (int number = 10; number < 36; number++) {
            contacts.add(SalesforceStandIn.contact("0030000000000" + number + "AAA"));
        }
        org.finds(contacts.toArray(String[]::new));
        load("fields: \"Score__c: 1\"\nwhenSeveral: all");
        assertThat(failure(event()).getMessage()).contains("26", "25", "newest");
    }

    @Test
    void theTaskGoesToWhomTheAuthorNames() throws Exception {
        org.finds(SalesforceStandIn.contact(ONE));
        org.does(1);
        load("taskSubject: Call\ntaskOwner: \"${body[owner]}\"");
        assertThat(delivered(Map.of("email", "a@b.de", "owner", "account-owner"))
                        .findValue("OwnerId")
                        .asText())
                .isEqualTo("005000000000002AAA");
        assertThat(delivered(Map.of("email", "a@b.de", "owner", "005000000000009"))
                        .findValue("OwnerId")
                        .asText())
                .isEqualTo("005000000000009");
        assertThat(delivered(Map.of("email", "a@b.de")).findValue("OwnerId").asText())
                .isEqualTo("005000000000001AAA");
        assertThat(failure(Map.of("email", "a@b.de", "owner", "CSM")).getMessage())
                .contains("taskOwner");
        org.finds("{\"Id\":\"" + ONE + "\",\"OwnerId\":\"005000000000001AAA\",\"AccountId\":null,\"Account\":null}");
        assertThat(delivered(Map.of("email", "a@b.de", "owner", "account-owner"))
                        .findValue("OwnerId")
                        .asText())
                .isEqualTo("005000000000001AAA");
    }

    @Test
    void aContentNoteIsLinkedToTheContact() throws Exception {
        org.finds(SalesforceStandIn.contact(ONE));
        org.does(2);
        load("noteAs: content-note\nnote: \"**Said:** ${body[summary]}\"");
        JsonNode requests =
                delivered(Map.of("email", "a@b.de", "summary", "a < b & c")).path("compositeRequest");
        assertThat(requests.get(0).path("url").asText()).endsWith("/sobjects/ContentNote");
        assertThat(requests.get(0).path("body").path("Title").asText()).isEqualTo("Note");
        assertThat(new String(
                        Base64.getDecoder()
                                .decode(requests.get(0)
                                        .path("body")
                                        .path("Content")
                                        .asText()),
                        StandardCharsets.UTF_8))
                .isEqualTo("<p><strong>Said:</strong> a &lt; b &amp; c</p>");
        assertThat(requests.get(1).path("body").toString())
                .isEqualTo("{\"ContentDocumentId\":\"@{note0.id}\",\"LinkedEntityId\":\"" + ONE
                        + "\",\"ShareType\":\"V\"}");
    }

    @Test
    void aLostAnswerIsUnsureAndTheTasksKeyTells() throws Exception {
        load(FULL);
        org.finds(SalesforceStandIn.contact(ONE));
        org.answers(aResponse().withFault(Fault.EMPTY_RESPONSE));
        assertThat(failure(event()).kind()).isEqualTo(Kind.UNSURE);
        org.finds("{\"Id\":\"00T000000000001AAA\"}");
        assertThat(routes.look(event())).isInstanceOf(Look.Found.class);
        assertThat(org.soql()).matches("SELECT Id FROM Task WHERE Caravan_Id__c LIKE '[0-9a-f]{40}-%' LIMIT 1");
        org.finds();
        assertThat(routes.look(event())).isInstanceOf(Look.Absent.class);
        org.server.stubFor(get(urlPathEqualTo(SalesforceStandIn.QUERY))
                .willReturn(aResponse().withStatus(503)));
        assertThat(catchThrowableOfType(StepFailure.class, () -> routes.look(event()))
                        .kind())
                .isEqualTo(Kind.PASSING);
    }

    @Test
    void withoutATaskARepeatChangesNothing() throws Exception {
        load("fields: \"Score__c: 1\"");
        assertThat(routes.look(event())).isInstanceOf(Look.Absent.class);
        assertThat(org.server.getAllServeEvents()).isEmpty();
    }

    @Test
    void hostileValuesArriveAsText() throws Exception {
        load("""
                fields: "Name__c: ${body[x]}"
                accountFields: "Name__c: a ${body[x]}"
                noteTitle: "T ${body[x]}"
                note: "# H ${body[x]}\\n- ${body[x]}"
                taskSubject: "S ${body[x]}"
                taskDescription: "D ${body[x]}"
                """);
        org.finds(SalesforceStandIn.contact(ONE));
        org.does(4);
        for (String value : Hostile.values()) {
            JsonNode requests = delivered(Map.of("email", value.length() < 200 ? "x" + value : "x", "x", value))
                    .path("compositeRequest");
            assertThat(requests.get(0).path("body").path("Name__c").asText()).isEqualTo(Hostile.withoutControls(value));
            JsonNode task = requests.get(3).path("body");
            assertThat(task.path("Subject").asText())
                    .hasSizeLessThanOrEqualTo(255)
                    .startsWith("S ")
                    .doesNotContain("\n");
            assertThat(task.path("Description").asText()).hasSizeLessThanOrEqualTo(32_000);
            if (value.length() < 1_000) {
                assertThat(Hostile.words(task.path("Description").asText())).isEqualTo(Hostile.words("D " + value));
                assertThat(org.soql()).contains("WHERE Email = 'x").endsWith("' ORDER BY CreatedDate DESC LIMIT 26");
            }
        }
    }

    @Test
    void hostileValuesInAContentNoteArriveAsText() throws Exception {
        load("noteAs: content-note\nnoteTitle: \"${body[x]}\"\nnote: \"${body[x]}\"");
        org.finds(SalesforceStandIn.contact(ONE));
        org.does(2);
        for (String value : Hostile.values()) {
            // What is in base64 cannot be declared to the contract check as a literal.
            boolean looksLikeTemplate = value.contains("${") || value.contains("{{");
            JsonNode note = delivered(Map.of("email", "a@b.de", "x", looksLikeTemplate ? "-" : value))
                    .findValue("body");
            String html =
                    new String(Base64.getDecoder().decode(note.path("Content").asText()), StandardCharsets.UTF_8);
            assertThat(html.replaceAll("</?(?:p|br/)>|<br/>", "")).doesNotContain("<");
            assertThat(note.path("Title").asText()).hasSizeLessThanOrEqualTo(255);
        }
    }

    @Test
    void wrongParametersAreNamed() {
        assertThat(problem("note: x\nnoteAs: file")).contains("noteAs");
        assertThat(problem("note: x\nwhenNone: ignore")).contains("whenNone", "fail, skip, create");
        assertThat(problem("note: x\nwhenSeveral: oldest")).contains("whenSeveral");
        assertThat(problem("fields: \"bad name: 1\"")).contains("fields", "bad name");
        assertThat(problem("fields: \"Id: 1\"")).contains("Id");
        assertThat(problem("note: x\napiVersion: latest")).contains("apiVersion");
        assertThat(problem("note: x\nexternalId: a-b")).contains("externalId");
        assertThat(problem("note: x\nusername: me")).contains("clientSecret", "privateKey");
        assertThat(problem("")).contains("nothing to do");
    }

    private String problem(String parameters) {
        try (SinkRoutes own = SinkRoutes.sending()) {
            SalesforceContactUpdateSink sink = new SalesforceContactUpdateSink();
            sink.setCamelContext(own.camel);
            sink.setClientId("client");
            sink.setClientSecret("secret");
            sink.setEmail("a@b.de");
            Map<String, Consumer<String>> setters = Map.of(
                    "note", sink::setNote,
                    "noteAs", sink::setNoteAs,
                    "whenNone", sink::setWhenNone,
                    "whenSeveral", sink::setWhenSeveral,
                    "fields", sink::setFields,
                    "apiVersion", sink::setApiVersion,
                    "externalId", sink::setExternalId,
                    "username", sink::setUsername);
            parameters
                    .lines()
                    .forEach(line -> Objects.requireNonNull(setters.get(line.split(":", 2)[0]))
                            .accept(line.split(":", 2)[1].strip().replace("\"", "")));
            return String.valueOf(
                    catchThrowableOfType(RuntimeException.class, sink::start).getMessage());
        }
    }
}
