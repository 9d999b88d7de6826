package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The demo, as a newcomer runs it. */
class DemoCommandTest {
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
