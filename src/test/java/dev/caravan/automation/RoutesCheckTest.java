package dev.caravan.automation;

import static dev.caravan.automation.AutomationFixture.saying;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutesCheckTest {
    @Test
    void everyFindingOfEveryFileIsReportedAndNothingRuns(@TempDir Path base) throws IOException {
        AutomationFixture fixture = new AutomationFixture(base);
        fixture.write("a.yaml", saying("a", "fine"));
        fixture.write("b.yaml", saying("b", "{{not.set}}"));
        fixture.write(
                "c.yaml",
                saying("a", "x") + saying("d", "x").replace("        - to:\n            id: message", "        - to:"));
        fixture.write(
                "e.yaml",
                saying("e", "x") + "        - to: {id: y, uri: \"nope:x\"}\n        - to: {id: z, uri: \"nada:x\"}\n");

        RoutesCheck.Report report = fixture.check().run(List.of());

        assertThat(report.findings())
                .extracting(Finding::toString)
                .containsExactly(
                        "routes/c.yaml:16: step `to` has no id; add one, attempts and metrics are named by it.",
                        "routes/c.yaml:1: the id `a` is already used at routes/a.yaml:1; give one of them another.",
                        "routes/e.yaml:11: there is no component `nope`; check its spelling or put its jar into lib/.",
                        "routes/e.yaml:12: there is no component `nada`; check its spelling or put its jar into lib/.");
        assertThat(report.hasErrors()).isTrue();
        assertThat(RoutesCheck.off(report)).extracting(AutomationState::id).containsExactly("b");
        assertThat(report.states()).hasSize(5);
        assertThat(fixture.context.getRoutes()).isEmpty();
        assertThat(fixture.inbox.ids()).isEmpty();
        fixture.close();
    }

    @Test
    void aStepThatIsSkippedForWantOfAKeyIsNoError(@TempDir Path base) throws IOException {
        AutomationFixture fixture = new AutomationFixture(base);
        fixture.write("a.yaml", saying("a", "{{?not.set}}"));

        RoutesCheck.Report report = fixture.check().run(List.of());

        assertThat(report.findings()).isEmpty();
        assertThat(report.states()).singleElement().satisfies(state -> {
            assertThat(state.state()).isEqualTo(AutomationState.State.ON);
            assertThat(state.skippedSteps()).containsExactly("message");
        });
        fixture.close();
    }
}
