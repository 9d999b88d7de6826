package dev.caravan.automation;

import static dev.caravan.automation.AutomationFixture.saying;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import dev.caravan.LogLines;
import dev.caravan.automation.AutomationState.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutomationsTest {
    private AutomationFixture fixture;

    @BeforeEach
    void open(@TempDir Path base) throws IOException {
        fixture = new AutomationFixture(base);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aRouteFileRunsAfterTheStart() throws IOException {
        fixture.write("a.yaml", saying("a", "hello"));
        fixture.start();

        fixture.inbox.publish("koji", "1");

        fixture.awaitHeard("hello|1");
        assertThat(fixture.state("a").state()).isEqualTo(State.ON);
        assertThat(fixture.inbox.log).containsExactly("subscribe a [koji] []");
    }

    @Test
    void anEditCounts() throws IOException {
        fixture.write("a.yaml", saying("a", "old"));
        fixture.write("b.yaml", saying("b", "other"));
        fixture.start();

        fixture.save("a.yaml", saying("a", "new"));
        fixture.inbox.publish("koji", "1");

        await().untilAsserted(() -> assertThat(fixture.heard).containsExactlyInAnyOrder("new|1", "other|1"));
    }

    @Test
    void aBrokenSaveLeavesTheLastGoodVersionRunning() throws IOException {
        fixture.write("a.yaml", saying("a", "good"));
        fixture.start();

        fixture.save("a.yaml", "- route:\n    id: a\n    from: [\n");
        fixture.inbox.publish("koji", "1");

        fixture.awaitHeard("good|1");
        AutomationState state = fixture.state("a");
        assertThat(state.state()).isEqualTo(State.BROKEN);
        assertThat(state.running()).isTrue();
        assertThat(state.reason()).startsWith("routes/a.yaml:4: the YAML cannot be read: ");

        fixture.save("a.yaml", saying("a", "mended"));
        fixture.inbox.publish("koji", "2");

        fixture.awaitHeard("good|1", "mended|2");
        assertThat(fixture.state("a").state()).isEqualTo(State.ON);
        assertThat(fixture.inbox.log).containsExactly("subscribe a [koji] []");
    }

    @Test
    void anUnknownComponentOrOptionOrBeanOrLanguageIsRefusedWithItsLine() throws IOException {
        fixture.write("a.yaml", saying("a", "good"));
        fixture.start();

        assertThat(brokenBy("- to: {id: x, uri: \"nope:there\"}"))
                .isEqualTo(
                        "routes/a.yaml:6: there is no component `nope`; check its spelling or put its jar into lib/.");
        assertThat(brokenBy("- to: {id: x, uri: \"direct:there?tokn=s3cret\"}"))
                .isEqualTo("routes/a.yaml:6: the endpoint `direct:` is not right: it has no option `tokn`.");
        assertThat(brokenBy("- to: {id: x, uri: \"http:there?maxTotalConnections=s3cret word\"}"))
                .startsWith("routes/a.yaml:6: the endpoint `http:` is not right: one of its options is missing or does"
                        + " not fit (");
        assertThat(brokenBy("- to: {id: x, uri: \"direct:there?timeout=s3cret word\"}"))
                .isEqualTo("routes/a.yaml:6: the endpoint `direct:` is not right: the value of its option `timeout`"
                        + " does not fit.");
        assertThat(brokenBy("- process: {id: x, ref: noSuchBean}")).contains("there is no bean `noSuchBean`");
        assertThat(brokenBy("- setBody: {id: x, language: {language: klingon, expression: \"x\"}}"))
                .contains("there is no language `klingon`");
        assertThat(brokenBy("- setBody: {id: x, simple: \"${body\"}")).startsWith("routes/a.yaml:6: ");
        assertThat(brokenBy("- tooo: {id: x, uri: \"direct:x\"}")).isEqualTo("routes/a.yaml:6: Unknown node id: tooo.");
        fixture.inbox.publish("koji", "1");
        fixture.awaitHeard("good|1");
    }

    private String brokenBy(String step) {
        fixture.save("a.yaml", """
                - route:
                    id: a
                    from:
                      uri: inbox:koji
                      steps:
                        %s
                """.formatted(step));
        AutomationState state = fixture.state("a");
        assertThat(state.state()).isEqualTo(State.BROKEN);
        assertThat(state.running()).isTrue();
        return state.reason();
    }

    @Test
    void anIdOfAnotherFileIsRefusedNamingBothPlacesUntilTheOtherIsGone() throws IOException {
        fixture.write("a.yaml", saying("same", "from a"));
        fixture.write("b.yaml", "# b\n" + saying("same", "from b"));
        fixture.start();

        assertThat(fixture.automations.states())
                .extracting(AutomationState::reason)
                .anySatisfy(reason -> assertThat(reason)
                        .startsWith("routes/b.yaml:2: the id `same` is already used at routes/a.yaml:1"));

        fixture.delete("a.yaml");
        fixture.inbox.publish("koji", "1");

        fixture.awaitHeard("from b|1");
        assertThat(fixture.inbox.log).doesNotContain("unsubscribe same");
    }

    @Test
    void aDeletedFileStopsItsAutomationAndEndsItsSubscription() throws IOException {
        fixture.write("a.yaml", saying("a", "a"));
        fixture.write("b.yaml", saying("b", "b"));
        fixture.start();

        fixture.delete("a.yaml");
        fixture.inbox.publish("koji", "1");

        fixture.awaitHeard("b|1");
        assertThat(fixture.state("a").state()).isEqualTo(State.REMOVED);
        assertThat(fixture.inbox.ids()).containsExactly("b");
        assertThat(fixture.context.getRoutes()).hasSize(2);
    }

    @Test
    void aDeletedFilesAutomationsAreLoggedEach() throws IOException {
        fixture.write("a.yaml", saying("a", "a") + saying("b", "b"));
        fixture.start();

        try (LogLines lines = new LogLines()) {
            fixture.delete("a.yaml");
            assertThat(lines.at(Level.INFO))
                    .containsExactlyInAnyOrder(
                            "routes/a.yaml: automation a is removed, its definition was deleted.",
                            "routes/a.yaml: automation b is removed, its definition was deleted.");
        }
    }

    @Test
    void aFileOfCommentsIsLikeADeletedOne() throws IOException {
        fixture.write("a.yaml", saying("a", "a"));
        fixture.start();

        fixture.save("a.yaml", "# - route: switched off for now\n\n");

        assertThat(fixture.automations.states())
                .extracting(AutomationState::id, AutomationState::state)
                .containsExactly(tuple("a", State.REMOVED));
        assertThat(fixture.context.getRoutes()).isEmpty();
        assertThat(fixture.inbox.ids()).isEmpty();
        assertThat(fixture.check().run(List.of()).findings()).isEmpty();
        fixture.save("a.yaml", saying("a", "again"));
        fixture.inbox.publish("koji", "1");
        fixture.awaitHeard("again|1");
    }

    @Test
    void aFileWithNothingInItLeavesTheLastGoodVersionRunning() throws IOException {
        fixture.write("a.yaml", saying("a", "good"));
        fixture.start();

        fixture.save("a.yaml", "");

        assertThat(fixture.state("a").state()).isEqualTo(State.BROKEN);
        fixture.inbox.publish("koji", "1");
        fixture.awaitHeard("good|1");
    }

    @Test
    void aRenamedFileKeepsItsSubscription() throws IOException {
        fixture.write("a.yaml", saying("a", "one"));
        fixture.start();

        fixture.apply(Map.of("b.yaml", saying("a", "two")));
        Map<String, String> rename = new HashMap<>();
        rename.put("a.yaml", null);
        rename.put("b.yaml", saying("a", "two"));
        fixture.apply(rename);
        fixture.inbox.publish("koji", "1");

        fixture.awaitHeard("two|1");
        assertThat(fixture.inbox.log).containsExactly("subscribe a [koji] []");
        assertThat(fixture.state("a").origin()).isEqualTo("routes/b.yaml");
    }

    @Test
    void anAutomationWithoutItsSettingsIsOffAndTheRestOfTheFileRuns() throws IOException {
        fixture.settings.setProperty("empty.key", "");
        fixture.write("a.yaml", saying("a", "{{say.this}} {{empty.key}}") + saying("b", "b"));
        fixture.start();

        fixture.inbox.publish("koji", "1");

        fixture.awaitHeard("b|1");
        AutomationState off = fixture.state("a");
        assertThat(off.state()).isEqualTo(State.OFF);
        assertThat(off.missingKeys()).containsExactly("empty.key", "say.this");
        assertThat(off.reason()).isEqualTo("these settings have no value: empty.key, say.this");
        assertThat(fixture.inbox.ids()).containsExactly("b");
    }

    @Test
    void anAutomationWithoutItsSourceOrSwitchedOffIsOff() throws IOException {
        fixture.switches.put("b", false);
        fixture.write("a.yaml", saying("a", "a").replace("inbox:koji", "inbox:acme"));
        fixture.write("b.yaml", saying("b", "b"));
        fixture.start();

        assertThat(fixture.state("a").missingKeys()).containsExactly("caravan.source.acme");
        assertThat(fixture.state("b").reason()).isEqualTo("it is switched off by caravan.automation.b.enabled");
        assertThat(fixture.context.getRoutes()).isEmpty();
    }

    @Test
    void anAutomationThatWasOnStaysSubscribedWhileOffAndTakesItsEventsLater() throws IOException {
        fixture.write("a.yaml", saying("a", "one"));
        fixture.start();
        fixture.save("a.yaml", saying("a", "{{not.set}}"));

        fixture.inbox.publish("koji", "1");
        assertThat(fixture.state("a").state()).isEqualTo(State.OFF);
        fixture.save("a.yaml", saying("a", "two"));

        fixture.awaitHeard("two|1");
    }

    @Test
    void aStepWithAnOptionalSettingIsSkippedAndShown() throws IOException {
        fixture.settings.setProperty("tone.two", "loud");
        fixture.write("a.yaml", """
                - route:
                    id: a
                    from:
                      uri: inbox:koji
                      steps:
                        - to: {id: one, uri: kamelet:say-sink, parameters: {text: "{{?not.set}}"}}
                        - to:
                            id: two
                            uri: kamelet:say-sink
                            parameters:
                              text: "{{?tone.two}}"
                        - choice:
                            when:
                              - simple: "${body} == '1'"
                                steps:
                                  - to: {id: three, uri: kamelet:say-sink, parameters: {text: three}}
                """);
        fixture.start();

        fixture.inbox.publish("koji", "1");

        fixture.awaitHeard("loud|1", "three|1");
        assertThat(fixture.state("a").skippedSteps()).containsExactly("one");
    }

    @Test
    void parameterValuesArriveAsWritten() throws IOException {
        String setting = "#general {{literal}} a&b=c+d%20 \"q\" 'p' RAW(x) <url?a=1&b=2|x> \ud83d\ude80 $simple{x} \\n";
        fixture.settings.setProperty("strange", setting);
        fixture.write("a.yaml", """
                - route:
                    id: a
                    # \ud83d\ude80 before the step: marks count code points
                    from:
                      uri: inbox:koji
                      steps:
                        - to:
                            id: one
                            uri: kamelet:say-sink
                            parameters:
                              text: "{{strange}}"
                        - to:
                            id: two
                            uri: kamelet:say-sink
                            parameters:
                              text: |
                                first & <line>, 100%
                                second + \ud83d\ude80
                        - to:
                            id: three
                            uri: kamelet:say-sink
                            parameters:
                              text: {a: 1, b: [x, true, 1.50], c: "{{strange}}"}
                """);
        fixture.start();

        fixture.inbox.publish("koji", "1");

        String json = "{\"a\":1,\"b\":[\"x\",true,1.50],\"c\":\""
                + setting.replace("\\", "\\\\").replace("\"", "\\\"") + "\"}";
        fixture.awaitHeard(setting + "|1", "first & <line>, 100%\nsecond + \ud83d\ude80\n|1", json + "|1");
        assertThat(fixture.context.getEndpoints())
                .extracting(endpoint -> endpoint.getEndpointUri())
                .contains("kamelet:say-sink/a-one")
                .noneMatch(uri -> uri.contains("general") || uri.contains(SayProcessor.MARK));
    }

    @Test
    void anEditOfSourcesOrEventsIsToldBeforeTheRouteStarts() throws IOException {
        fixture.write("a.yaml", saying("a", "one"));
        fixture.start();

        fixture.save("a.yaml", saying("a", "one").replace("inbox:koji", "\"inbox:koji,kejue?events=a.b,c.*\""));

        assertThat(fixture.inbox.log).containsExactly("subscribe a [koji] []", "subscribe a [koji, kejue] [a.b, c.*]");
        fixture.inbox.publish("kejue", "1");
        fixture.awaitHeard("one|1");
    }

    @Test
    void subscriptionsOfAutomationsDeletedWhileStoppedEndAtTheStart() throws IOException {
        fixture.inbox.subscribe("gone", "routes/gone.yaml", List.of("koji"), List.of());
        fixture.inbox.subscribe("a", "routes/a.yaml", List.of("koji"), List.of());
        fixture.write("a.yaml", saying("a", "{{not.set}}"));
        fixture.start();

        assertThat(fixture.inbox.ids()).containsExactly("a");
    }

    @Test
    void aFileThatCannotBeReadAtTheStartEndsNoSubscription() throws IOException {
        fixture.inbox.subscribe("a", "routes/a.yaml", List.of("koji"), List.of());
        fixture.write("a.yaml", "- route: [");
        fixture.start();

        assertThat(fixture.inbox.ids()).containsExactly("a");
        assertThat(fixture.state("a").state()).isEqualTo(State.BROKEN);
    }

    @Test
    void beansAndRouteConfigurationsAreReplacedWithTheirFile() throws IOException {
        String file = """
                - beans:
                    - name: loudness
                      type: dev.caravan.automation.SayProcessor
                      properties: {text: "%1$s"}
                - routeConfiguration:
                    id: calm
                    onException:
                      - onException:
                          exception: [java.lang.IllegalStateException]
                          handled: {constant: "true"}
                          steps:
                            - to: {id: calmed, uri: kamelet:say-sink, parameters: {text: "calmed %1$s"}}
                - route:
                    id: a
                    routeConfigurationId: calm
                    from:
                      uri: inbox:koji
                      steps:
                        - process: {id: loud, ref: loudness}
                        - throwException: {exceptionType: java.lang.IllegalStateException, message: x}
                """;
        fixture.write("a.yaml", file.formatted("old"));
        fixture.start();
        fixture.save("a.yaml", file.formatted("new"));

        fixture.inbox.publish("koji", "1");

        fixture.awaitHeard("new|1", "calmed new|1");
        fixture.delete("a.yaml");
        assertThat(fixture.context.getRegistry().lookupByName("loudness")).isNull();
        assertThat(fixture.context.getRoutes()).isEmpty();
    }

    @Test
    void aHelperRouteServesAnAutomation() throws IOException {
        fixture.write("a.yaml", """
                - route:
                    id: helper
                    from:
                      uri: direct:helper
                      steps:
                        - to: {id: message, uri: kamelet:say-sink, parameters: {text: helped}}
                - route:
                    id: a
                    from:
                      uri: inbox:koji
                      steps:
                        - to: {id: message, uri: "direct:helper"}
                """);
        fixture.start();

        fixture.inbox.publish("koji", "1");

        fixture.awaitHeard("helped|1");
        assertThat(fixture.inbox.ids()).containsExactly("a");
    }

    @Test
    void anAutomationMovedToAnotherFileKeepsItsSubscriptionWhicheverFileIsReadFirst() throws IOException {
        fixture.write("b.yaml", saying("a", "one"));
        fixture.start();

        fixture.apply(Map.of("a.yaml", saying("a", "moved"), "b.yaml", saying("b", "stays")));
        fixture.inbox.publish("koji", "1");

        await().untilAsserted(() -> assertThat(fixture.heard).containsExactlyInAnyOrder("moved|1", "stays|1"));
        assertThat(fixture.inbox.log).doesNotContain("unsubscribe a");
        assertThat(fixture.automations.states())
                .extracting(AutomationState::state)
                .containsOnly(State.ON);
    }
}
