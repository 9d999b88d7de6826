package dev.caravan.routes;

import static dev.caravan.routes.ShippedRoutes.sample;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.client.WireMock;
import dev.caravan.automation.AutomationState;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.samples.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class KojiSignalRoutingTest {
    private static final String ID = "koji-signal-routing";
    private static final String[] QUESTIONS = {
        "koji.signals.satisfaction.question = satisfaction",
        "koji.signals.expansion.question = expand",
        "koji.signals.reason.question = reason"
    };

    @TempDir
    private Path directory;

    private final Vendors vendors = Vendors.start("shipped koji-signal-routing", "${body}");
    private final SalesforceContact salesforce = new SalesforceContact(vendors);

    @AfterEach
    void stop() {
        vendors.close();
    }

    private ShippedRoutes start(String... more) throws Exception {
        String[] keys = Vendors.with(vendors.keys("salesforce", "mailchimp"), QUESTIONS);
        return ShippedRoutes.start(directory, Vendors.with(keys, more));
    }

    private static Sample signals(String... overrides) {
        return sample("koji", "interview.completed", "signals").with(List.of(overrides));
    }

    private void succeeds(ShippedRoutes shipped, Sample event) throws Exception {
        shipped.sendTo(ID, "koji", event);
    }

    private static List<String> signalsOf(ShippedRoutes shipped) throws Exception {
        return shipped.rows("signals").stream()
                .map(row -> row.get("signal") + "=" + row.get("answer"))
                .toList();
    }

    @Test
    void eachAnswerHasItsConsequence() throws Exception {
        try (ShippedRoutes shipped = start("koji.signals.expansion.field = Churn_Risk__c")) {
            succeeds(shipped, signals());

            assertThat(salesforce.written("Task")).hasSize(1);
            assertThat(salesforce.written("Task").get(0).path("Subject").asText())
                    .isEqualTo("Follow up: satisfaction 2 in Renewal check-in");
            assertThat(salesforce.written("Task").get(0).path("Description").asText())
                    .contains("Ben rated their satisfaction 2", "Globex", "interviews/abc130");
            assertThat(salesforce.written("Account")).hasSize(1);
            assertThat(salesforce
                            .written("Account")
                            .get(0)
                            .path("Churn_Risk__c")
                            .booleanValue())
                    .isTrue();
            JsonNode member = vendors.bodies(Vendors.MAILCHIMP, "/3.0/lists/[^/]*/members/[^/]*")
                    .get(0);
            assertThat(member.path("email_address").asText()).isEqualTo("ben@globex.example");
            assertThat(member.path("status_if_new").asText()).isEqualTo("pending");
            assertThat(vendors.bodies(Vendors.MAILCHIMP, ".*/events")
                            .get(0)
                            .path("name")
                            .asText())
                    .isEqualTo("win_back");
            assertThat(shipped.rows("signals"))
                    .hasSize(3)
                    .first()
                    .satisfies(row -> assertThat(row)
                            .containsAllEntriesOf(Map.of(
                                    "source", "koji",
                                    "interview_id", "abc130",
                                    "study_id", "renewal-2026",
                                    "participant_email", "ben@globex.example")));
            assertThat(signalsOf(shipped))
                    .containsExactlyInAnyOrder("low-satisfaction=2", "at-risk=no", "pricing=pricing");
        }
    }

    @Test
    void goodAnswersHaveNone() throws Exception {
        try (ShippedRoutes shipped = start()) {
            succeeds(
                    shipped,
                    signals(
                            "data.structured_answers.1.value=3",
                            "data.structured_answers.2.value=missing feature",
                            "data.structured_answers.5.value=yes"));
            succeeds(
                    shipped,
                    signals(
                            "data.interview_id=other",
                            "data.structured_answers.1.value=10",
                            "data.structured_answers.2.value=null",
                            "data.structured_answers.5.value=true"));
            assertThat(vendors.hosts()).isEmpty();
            assertThat(shipped.rows("signals")).isEmpty();
        }
    }

    @Test
    void aNoIsFalseOrNo() throws Exception {
        try (ShippedRoutes shipped = start()) {
            for (String no : List.of("false", "no", "No", "\"false\"")) {
                succeeds(shipped, only("5", no, "no" + no.length() + no.charAt(0)));
            }
            assertThat(signalsOf(shipped)).hasSize(4).containsOnly("at-risk=no");
            assertThat(salesforce.written("Account")).hasSize(4);
        }
    }

    /** An interview in which only one question has an answer. */
    private static Sample only(String question, String value, String interview) {
        List<String> overrides = new ArrayList<>(List.of("data.interview_id=" + interview));
        for (String other : List.of("1", "2", "5")) {
            overrides.add("data.structured_answers." + other + ".value=" + (other.equals(question) ? value : "null"));
        }
        return sample("koji", "interview.completed", "signals").with(overrides);
    }

    @Test
    void theThresholdIsAKeyAndAnAnswerThatIsNoNumberIsNoSignal() throws Exception {
        try (ShippedRoutes shipped = start("koji.signals.satisfaction.at-most = 4")) {
            succeeds(shipped, only("1", "4", "four"));
            succeeds(shipped, only("1", "\"3\"", "three"));
            succeeds(shipped, only("1", "5", "five"));
            succeeds(shipped, only("1", "quite good", "words"));
            assertThat(signalsOf(shipped)).containsExactlyInAnyOrder("low-satisfaction=4", "low-satisfaction=3");
        }
    }

    @Test
    void theFieldsOfAnAnswerAreKeys() throws Exception {
        try (ShippedRoutes shipped = start(
                "koji.answer.pointer = /data/answers",
                "koji.answer.question-field = id",
                "koji.answer.type-field = kind",
                "koji.answer.value-field = answer")) {
            succeeds(
                    shipped,
                    signals(
                            "data.structured_answers=null",
                            "data.answers=[{\"id\":\"expand\",\"kind\":\"yes_no\",\"answer\":false}]"));
            assertThat(signalsOf(shipped)).containsExactly("at-risk=no");
        }
    }

    @Test
    void aSignalWhoseConsequenceFailsHoldsUpNoOther() throws Exception {
        salesforce.knowsNobody();
        try (ShippedRoutes shipped = start()) {
            String id = shipped.send("koji", signals());
            assertThat(shipped.delivery(id, ID).state()).isEqualTo(DeliveryState.DEAD);
            assertThat(vendors.requests(Vendors.MAILCHIMP, ".*/events")).hasSize(1);
            assertThat(signalsOf(shipped))
                    .containsExactlyInAnyOrder("low-satisfaction=2", "at-risk=no", "pricing=pricing");
        }
    }

    @Test
    void anInterviewActsOnceHoweverOftenKojiTellsOfIt() throws Exception {
        try (ShippedRoutes shipped = start()) {
            succeeds(shipped, signals());
            succeeds(shipped, signals("type=interview.analysis_ready"));
            assertThat(salesforce.written("Task")).hasSize(1);
            assertThat(salesforce.written("Account")).hasSize(1);
            assertThat(vendors.requests(Vendors.MAILCHIMP, ".*/events")).hasSize(1);
        }
    }

    @Test
    void answersThatTheEventLacksAreFetched() throws Exception {
        vendors.server.stubFor(Vendors.request("GET", Vendors.KOJI, "/api/v1/interviews/f8e7d6c5.*")
                .willReturn(WireMock.okJson("{\"analysis_status\":\"completed\",\"structured_answers\":["
                        + "{\"question_id\":\"satisfaction\",\"type\":\"scale\",\"value\":1}]}")));
        try (ShippedRoutes shipped = start(vendors.keys("koji"))) {
            succeeds(shipped, sample("koji", "interview.analysis_ready", "older"));
            // Koji's older shape names nobody: the signal is kept, Salesforce is not asked.
            assertThat(signalsOf(shipped)).containsExactly("low-satisfaction=1");
            assertThat(salesforce.wasAsked()).isFalse();
        }
    }

    @Test
    void withoutTheirQuestionsNothingIsRead() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory, vendors.keys("salesforce"))) {
            AutomationState state = shipped.automation(ID);
            assertThat(state.state()).isEqualTo(AutomationState.State.ON);
            assertThat(state.skippedSteps())
                    .anyMatch(step -> step.contains("read-satisfaction"))
                    .anyMatch(step -> step.contains("read-expansion"))
                    .anyMatch(step -> step.contains("read-reason"))
                    .anyMatch(step -> step.contains("win-back"));
            succeeds(shipped, signals());
            assertThat(shipped.rows("signals")).isEmpty();
        }
    }

    /** The conditions that the route's header shows, one for each kind of question. */
    @Test
    void everyKindOfQuestionCanDecide() throws Exception {
        Map<String, String> conditions = Map.of(
                "improve", "${variable.answer} ~~ 'export'",
                "satisfaction", "${variable.answer} <= 2",
                "reason", "${variable.answer} == 'pricing'",
                "used", "${variable.answer} contains 'reports'",
                "priorities", "${variable.answer[0]} == 'price'",
                "expand", "${variable.answer} == false");
        Path routes = Files.createDirectories(directory.resolve("routes"));
        for (var question : conditions.entrySet()) {
            Files.writeString(routes.resolve("own-" + question.getKey() + ".yaml"), """
                    - route:
                        id: own-%1$s
                        from:
                          uri: inbox:koji
                          steps:
                            - to:
                                id: read
                                uri: kamelet:koji-answer-action
                                parameters: {questionId: %1$s, variable: answer}
                            - filter:
                                id: rule
                                simple: "%2$s"
                                steps:
                                  - to:
                                      id: tell
                                      uri: kamelet:slack-message-sink
                                      parameters: {webhookUrl: "{{slack.support.webhook-url}}", text: "%1$s: ${variable.answer}"}
                    """.formatted(
                            question.getKey(), question.getValue()));
        }
        try (ShippedRoutes shipped = ShippedRoutes.start(directory)) {
            shipped.send("koji", signals());
            assertThat(shipped.messages("support"))
                    .extracting(message -> message.path("text").asText())
                    .containsExactlyInAnyOrder(
                            "improve: Export takes too long.",
                            "satisfaction: 2",
                            "reason: pricing",
                            "used: [\"reports\",\"export\"]",
                            "priorities: [\"price\",\"speed\",\"support\"]",
                            "expand: false");
            shipped.send(
                    "koji",
                    signals(
                            "data.interview_id=other",
                            "data.structured_answers.0.value=All fine.",
                            "data.structured_answers.1.value=3",
                            "data.structured_answers.2.value=price",
                            "data.structured_answers.3.value=[\"import\"]",
                            "data.structured_answers.4.value=[\"speed\",\"price\"]",
                            "data.structured_answers.5.value=yes"));
            assertThat(shipped.messages("support")).hasSize(6);
        }
    }

    @Test
    void withoutSalesforceItIsOff() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory)) {
            assertThat(shipped.automation(ID).missingKeys()).containsExactly("salesforce.client-id");
        }
    }
}
