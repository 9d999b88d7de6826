package dev.caravan.automation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteFileTest {
    @TempDir
    private Path base;

    private List<String> findings(String text) {
        return RouteFileParser.parse("routes/x.yaml", text, new Kamelets(base, List.of("say-sink"))).findings().stream()
                .map(Finding::toString)
                .toList();
    }

    private static String route(String... steps) {
        StringBuilder text = new StringBuilder("- route:\n    id: a\n    from:\n      uri: inbox:koji\n      steps:\n");
        for (String step : steps) {
            text.append("        - ").append(step).append('\n');
        }
        return text.toString();
    }

    @Test
    void aWellFormedFileHasNoFindings() {
        assertThat(findings(AutomationFixture.saying("a", "hello"))).isEmpty();
    }

    @Test
    void anEmptyFileIsRefused() {
        assertThat(findings("")).singleElement().asString().startsWith("routes/x.yaml:1: the file is empty;");
        assertThat(findings("# nothing\n")).isEmpty();
        assertThat(findings("\n  \n")).isEmpty();
        assertThat(findings("[]")).singleElement().asString().contains("the file has no routes;");
    }

    @Test
    void aMappingRootIsRefused() {
        assertThat(findings("route:\n  id: a\n"))
                .containsExactly("routes/x.yaml:1: the file is not a list; a route file is a list whose items start"
                        + " with \"- route:\".");
    }

    @Test
    void brokenYamlHasItsLine() {
        assertThat(findings("- route:\n    id: a\n   from: x\n"))
                .singleElement()
                .asString()
                .startsWith("routes/x.yaml:3: ");
        assertThat(findings("- a: \"x\n- b")).hasSize(1);
        assertThat(findings("\u0000")).hasSize(1);
    }

    @Test
    void aMissingOrDuplicateOrOddRouteIdIsRefused() {
        assertThat(findings("- route:\n    from: {uri: inbox:koji, steps: []}\n"))
                .containsExactly("routes/x.yaml:1: this route has no id; add `id: a-name` below `- route:`.");
        assertThat(findings("- from: {uri: inbox:koji, steps: []}\n"))
                .containsExactly("routes/x.yaml:1: this route has no id; add `id: a-name` below `- route:`.");
        assertThat(findings(route("log: x") + route("log: y")))
                .containsExactly("routes/x.yaml:7: route id `a` is already used at line 1 of this file; give one of"
                        + " them another.");
        assertThat(findings("- route: {id: \"a/b\", from: {uri: inbox:koji, steps: []}}"))
                .containsExactly("routes/x.yaml:1: id `a/b` may hold only letters, digits, `.`, `_` and `-`.");
    }

    @Test
    void aStepThatReachesOutWithoutAnIdIsAWarning() {
        List<Finding> found = RouteFileParser.parse(
                        "routes/x.yaml",
                        route("choice: {when: [{simple: \"${body}\", steps: [{to: \"direct:x\"}]}]}", "log: fine"),
                        new Kamelets(base, List.of()))
                .findings();
        assertThat(found).singleElement().satisfies(finding -> {
            assertThat(finding.isError()).isFalse();
            assertThat(finding)
                    .hasToString("routes/x.yaml:6: step `to` has no id; add one, attempts and metrics are"
                            + " named by it.");
        });
    }

    @Test
    void aKameletIsCheckedAgainstItsDefinition() {
        assertThat(findings(route("to: {id: x, uri: kamelet:no-sink}")))
                .containsExactly("routes/x.yaml:6: there is no Kamelet `no-sink`; known are: say-sink.");
        assertThat(findings(route("to: {id: x, uri: kamelet:say-sink, parameters: {txt: y}}")))
                .containsExactly(
                        "routes/x.yaml:6: `say-sink` has no parameter `txt`; it has: text, to, tone, whenUnsure.",
                        "routes/x.yaml:6: `say-sink` needs the parameter `text`.");
        assertThat(findings(route("kamelet: {name: say-sink}")))
                .containsExactly(
                        "routes/x.yaml:6: the `kamelet:` step is not possible; write `- to: {uri: kamelet:NAME}`.");
        assertThat(findings(route("to: {id: x, uri: \"kamelet:say-sink?text=y\"}")))
                .isEmpty();
    }

    @Test
    void aliasesAndDoubledKeysAndOpenPlaceholdersAreRefused() {
        assertThat(findings(route(
                        "to: {id: x, uri: kamelet:say-sink, parameters: &p {text: y}}",
                        "to: {id: y, uri: kamelet:say-sink, parameters: *p}")))
                .contains("routes/x.yaml:7: `parameters` is a YAML alias (*name); write its value out.");
        assertThat(findings(route("to: {id: x, uri: \"direct:x\", uri: \"direct:y\"}")))
                .containsExactly("routes/x.yaml:6: `uri` stands twice here; remove one.");
        assertThat(findings(route("log: \"{{open\"")))
                .containsExactly("routes/x.yaml:6: a placeholder opened by {{ is not closed by }}.");
    }

    @Test
    void twoUsesThatComeOutAtOneKameletRouteIdAreRefused() {
        String first = AutomationFixture.saying("a-b", "x").replace("id: message", "id: c");
        String second = AutomationFixture.saying("a", "x").replace("id: message", "id: b-c");
        assertThat(findings(first + second)).singleElement().asString().contains("both make `a-b-c`");
    }

    @Test
    void restAndTemplatesAreRefused() {
        assertThat(findings("- rest: {path: /x}")).singleElement().asString().contains("`rest` is not possible");
        assertThat(findings("- routeTemplate: {id: x}"))
                .singleElement()
                .asString()
                .contains("make it a Kamelet");
    }

    @Test
    void rewritingKeepsEveryLineWhereItWas() {
        String text = "# caf\u00e9 \ud83d\ude80\n" + AutomationFixture.saying("a", "x") + "# between\n"
                + "- route: {id: off, from: {uri: \"inbox:{{not.set}}\",\n    steps: []}}\n"
                + AutomationFixture.saying("z", "y");
        Kamelets kamelets = new Kamelets(base, List.of());
        RouteSettings settings = new RouteSettings(
                (value, missing) -> {
                    missing.add("not.set");
                    return java.util.Optional.empty();
                },
                name -> true,
                java.util.Map.of(),
                value -> value);

        FilePlan plan =
                new RoutePlanner(settings, kamelets).plan(RouteFileParser.parse("routes/x.yaml", text, kamelets));

        List<String> before = text.lines().toList();
        List<String> after = plan.text().lines().toList();
        assertThat(after).hasSameSizeAs(before);
        assertThat(after.get(8)).isEqualTo("            uri: \"kamelet:say-sink/a-message\"");
        assertThat(after.indexOf("    id: z")).isEqualTo(before.indexOf("    id: z"));
        assertThat(plan.text()).doesNotContain("off").doesNotContain("text:");
        assertThat(plan.routeIds()).containsExactly("a", "z");
        assertThat(plan.parameters()).containsOnlyKeys("a-message", "z-message");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    wireTap: {id: x, uri: "direct:y"}                     | `wireTap` is not possible in an automation: it sends a copy
                    aggregate: {id: x, constant: 1, completionSize: 2}     | `aggregate` is not possible in an automation: it holds
                    resequence: {id: x, simple: "${body}"}                 | `resequence` is not possible in an automation: it holds
                    sampling: {id: x, samplePeriod: "1s"}                  | `sampling` is not possible in an automation: it drops
                    saga: {id: x, steps: []}                               | `saga` is not possible in an automation: it undoes
                    to: "seda:later"                                       | `seda:` is not possible in an automation: it hands
                    to: {id: x, uri: "vm:later"}                           | `vm:` is not possible in an automation: it hands
                    toD: {id: x, uri: "seda:${body}"}                      | `seda:` is not possible in an automation: it hands
                    recipientList: {id: x, constant: "log:a,seda:b"}       | `seda:` is not possible in an automation: it hands
                    enrich: {id: x, expression: {constant: "disruptor:b"}} | `disruptor:` is not possible in an automation: it hands
                    """)
    void whatLosesMessagesBehindCaravansBackIsRefused(String step, String reason) {
        assertThat(findings(route("log: x", "choice: {when: [{simple: \"true\", steps: [{" + step + "}]}]}")))
                .filteredOn(finding -> !finding.contains("has no id"))
                .singleElement()
                .asString()
                .startsWith("routes/x.yaml:7: " + reason);
    }

    @Test
    void theSameIsRefusedInAHelperRouteAndAllowedWhereNoEventArrives() {
        String helper = """
                - route:
                    id: b
                    from:
                      uri: %s
                      steps:
                        - wireTap: {id: x, uri: "direct:y"}
                """;

        assertThat(findings(helper.formatted("direct:b")))
                .singleElement()
                .asString()
                .startsWith("routes/x.yaml:6: ");
        assertThat(findings(helper.formatted("timer:b"))).isEmpty();
    }

    @Test
    void onCompletionIsRefused() {
        assertThat(findings(
                        "- route:\n    id: a\n    onCompletion: {steps: []}\n    from: {uri: inbox:koji, steps: []}\n"))
                .singleElement()
                .asString()
                .startsWith("routes/x.yaml:3: `onCompletion` is not possible");
        assertThat(findings("- onCompletion: {steps: []}\n"))
                .singleElement()
                .asString()
                .startsWith("routes/x.yaml:1: `onCompletion` is not possible");
    }

    @Test
    void aParameterMaySayWhatItLikes() {
        assertThat(findings(route("to: {id: x, uri: kamelet:say-sink, parameters: {text: \"seda:x\"}}")))
                .isEmpty();
    }
}
