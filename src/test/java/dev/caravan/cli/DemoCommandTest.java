package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The demo, as a newcomer runs it. */
class DemoCommandTest {
    private static final Pattern STEP = Pattern.compile("id: ([\\w-]+)\\s+uri: kamelet:([\\w-]+)");

    /** They only read what the delivery has already. */
    private static final Set<String> READING = Set.of("json-pointer-action", "koji-answer-action");

    /** A route takes one of two ways, by a key; the demo shows the other one. */
    private static final Set<String> OTHER_WAYS =
            Set.of("koji-quality-gate mail", "product-research-pipeline ask-by-mail");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine command = Caravan.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        return command.execute(arguments);
    }

    /** But for those of Caravan's own events: in the demo nothing goes wrong that they could tell. */
    private static List<String> shippedAutomations() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            return Stream.concat(
                            files.map(file -> file.getFileName().toString().replace(".yaml", ""))
                                    .filter(name -> !name.startsWith("caravan-")),
                            Stream.of("kejue-campaign-report"))
                    .toList();
        }
    }

    @Test
    void everyShippedAutomationDeliversAndWhatWentOutIsShown() throws Exception {
        int exit = run("demo", "--once");

        assertThat(exit).as("%s%s", out, err).isZero();
        assertThat(out.toString())
                .contains(shippedAutomations())
                .contains("Slack webhook research: \"*New interview completed*")
                .contains("results.calls source=kejue call_id=job_123 (updated,")
                .contains("{\"status\":\"duplicate\"")
                .contains("401 {\"error\"")
                .doesNotContain("The node runs on");
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 120);
    }

    @Test
    void everySinkHasSomethingToShow() throws Exception {
        int exit = run("demo", "--once");

        assertThat(exit).as("%s%s", out, err).isZero();
        assertThat(out.toString())
                .contains(
                        "Slack webhook",
                        "my.salesforce.com/services/data/v67.0/composite",
                        "my.salesforce.com/services/data/v67.0/sobjects/Interview__c",
                        "demo.atlassian.net/rest/api/3/issue",
                        "demo.atlassian.net/wiki/api/v2/pages",
                        "api.linear.app",
                        "api.hubapi.com/crm/v3/objects/contacts",
                        "api.hubapi.com/crm/v3/objects/deals",
                        "api.notion.com/v1/pages",
                        "api.airtable.com/v0",
                        "by smtp.demo.example",
                        "api.sendgrid.com",
                        "us6.api.mailchimp.com",
                        "mandrillapp.com",
                        "api2.amplitude.com",
                        "api.mixpanel.com",
                        "heapanalytics.com",
                        "hooks.zapier.com",
                        "kafka.demo.example",
                        "api.koji.so/api/v1/interviews",
                        "results.koji_interviews");
    }

    @Test
    void everyShippedSinkIsUsedByEveryRouteThatNamesIt() throws Exception {
        TreeMap<String, String> expected = new TreeMap<>();
        for (String automation : shippedAutomations()) {
            Path file = Path.of("routes", automation + ".yaml");
            Matcher step = STEP.matcher(Files.exists(file) ? Files.readString(file) : "");
            while (step.find()) {
                String place = automation + " " + step.group(1);
                if (!READING.contains(step.group(2)) && !OTHER_WAYS.contains(place)) {
                    expected.put(place, step.group(2));
                }
            }
        }
        TreeSet<String> kamelets = new TreeSet<>(Files.readAllLines(Path.of("src/main/resources/kamelets/index")));
        kamelets.removeAll(READING);
        assertThat(expected.values()).as("Kamelets in shipped routes").containsAll(kamelets);

        assertThat(run("demo", "--json")).as("%s%s", out, err).isZero();

        TreeSet<String> shown = new TreeSet<>();
        for (JsonNode delivery :
                JsonMapper.builder().build().readTree(out.toString()).findParents("wentOut")) {
            // The second route of koji-winloss-to-hubspot.yaml has an id of its own.
            String automation =
                    delivery.path("automation").asText().replace("koji-winloss-start", "koji-winloss-to-hubspot");
            delivery.path("wentOut")
                    .findValuesAsText("step")
                    .forEach(step -> shown.add(automation + " " + step.replaceAll(".*/", "")));
        }
        assertThat(shown).containsAll(expected.keySet());
    }

    @Test
    void asJsonItTellsWhatTheCapturedRequestsHeld() throws Exception {
        int exit = run("demo", "--json");

        assertThat(exit).as("%s%s", out, err).isZero();
        JsonNode report = JsonMapper.builder().build().readTree(out.toString());
        assertThat(report.path("good").asBoolean()).isTrue();
        assertThat(report.findValuesAsText("state")).isNotEmpty().containsOnly("succeeded");
        assertThat(report.findValuesAsText("url")).contains("https://hooks.slack.com/***");
        assertThat(out.toString()).doesNotContain("T0DEMO");
    }
}
