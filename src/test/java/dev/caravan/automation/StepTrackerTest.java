package dev.caravan.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.FailureClassifier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Processor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepTrackerTest {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> inside = new CopyOnWriteArrayList<>();
    private final AtomicBoolean leaseLost = new AtomicBoolean();
    private AutomationFixture fixture;

    @BeforeEach
    void open(@TempDir Path base) throws IOException {
        fixture = new AutomationFixture(base);
        fixture.context
                .getCamelContextExtension()
                .addInterceptStrategy(new StepTracker(
                        exchange -> {
                            asked.add(String.valueOf(exchange.getProperty(StepTracker.STEP)));
                            if (leaseLost.get()) {
                                throw StepFailure.passing("the lease is lost", null);
                            }
                        },
                        1_000,
                        new FailureClassifier(Clock.systemUTC()),
                        new Kamelets(base, List.of("say-sink"))));
        fixture.context.getRegistry().bind("look", (Processor)
                exchange -> inside.add(String.valueOf(exchange.getProperty(StepTracker.STEP))));
        fixture.context.getRegistry().bind("fail", (Processor) exchange -> {
            throw StepFailure.permanent("no");
        });
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private String failingStep(String steps) throws IOException {
        fixture.write("a.yaml", """
                - route:
                    id: a
                    from:
                      uri: inbox:koji
                      steps:
                %s
                """.formatted(steps.indent(8).stripTrailing()));
        fixture.start();
        assertThat(fixture.state("a").reason()).isEmpty();
        fixture.inbox.publish("koji", "1");
        await().until(() -> !fixture.inbox.failed.isEmpty());
        return String.valueOf(fixture.inbox.failed.get(0).getProperty(StepTracker.STEP));
    }

    @Test
    void theFailedStepIsNamed() throws IOException {
        assertThat(failingStep("""
                - to: {id: first, uri: kamelet:say-sink, parameters: {text: x}}
                - process: {id: look, ref: look}
                - process: {id: second, ref: fail}
                """)).isEqualTo("second");
        assertThat(asked).containsExactly("first", "look", "second");
        assertThat(inside).containsExactly("look");
    }

    @Test
    void aStepWithinAnotherIsNamedAlsoInASplit() throws IOException {
        assertThat(failingStep("""
                - split:
                    id: each
                    tokenize: ","
                    stopOnException: true
                    steps:
                      - choice:
                          when:
                            - simple: "${body} == '1'"
                              steps:
                                - process: {id: deep, ref: fail}
                """)).isEqualTo("deep");
    }

    @Test
    void aStepWithoutAnIdIsNamedByKindAndLine() throws IOException {
        assertThat(failingStep("""
                - process:
                    ref: fail
                """)).isEqualTo("process@6");
    }

    @Test
    void noStepRunsOnceTheAttemptMayNotGoOn() throws IOException {
        leaseLost.set(true);

        assertThat(failingStep("- to: {id: first, uri: kamelet:say-sink, parameters: {text: x}}"))
                .isEqualTo("first");
        assertThat(fixture.heard).isEmpty();
        assertThat(fixture.inbox.failed.get(0).getException()).isInstanceOf(StepFailure.class);
    }

    @Test
    void aCaughtFailureLeavesNoTrace() throws IOException {
        assertThat(failingStep("""
                - doTry:
                    steps:
                      - process: {id: tried, ref: fail}
                    doCatch:
                      - exception: [dev.caravan.delivery.StepFailure]
                        steps:
                          - process: {id: caught, ref: look}
                - process: {id: last, ref: fail}
                """)).isEqualTo("last");
        assertThat(inside).containsExactly("caught");
    }
}
