package dev.caravan.automation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.StepFailure;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.DeliverySummary;
import dev.caravan.inbox.Settlement;
import dev.caravan.sink.CaughtFailure;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.engine.DefaultClassResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Failures that a route catches: what follows for a resumed attempt, and how they are shown. */
class CaughtStepTest {
    private static final String TRY = """
            - doTry:
                steps:
                  - process: {id: one, ref: one}
                  - process: {id: four, ref: four}
                doCatch:
                  - exception: [dev.caravan.delivery.StepFailure]
                    steps:
                      - process: {id: two, ref: two}
            - process: {id: three, ref: three}
            """;

    @TempDir
    private Path base;

    private DurableFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new DurableFixture(base).step("one").step("two").step("three").step("four");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aResumedTryTakesTheSameBranchAndDoesNotTryAgain() throws Exception {
        fixture.fails("one=x", 1)
                .fails("three=x", 2)
                .start(DurableFixture.route(TRY))
                .send("\"x\"")
                .await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=x", "two=x", "three=x", "three=x", "three=x");
    }

    @Test
    void aCaughtFailureIsKnownBeforeItsBranchHasAnEffect() throws Exception {
        fixture.fails("one=x", 1)
                .fails("two=x", 1)
                .start(DurableFixture.route(TRY))
                .send("\"x\"")
                .await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=x", "two=x", "two=x", "three=x");
    }

    @Test
    void aCatchWithoutEffectsIsTakenAgainAlsoWithinASplit() throws Exception {
        fixture.fails("one=b", 1)
                .fails("three=[a, b]", 1)
                .start(DurableFixture.route("""
                        - split:
                            simple: "${body}"
                            steps:
                              - doTry:
                                  steps:
                                    - process: {id: one, ref: one}
                                  doCatch:
                                    - exception: [java.lang.Exception]
                                      steps:
                                        - setVariable: {name: seen, constant: "no"}
                        - process: {id: three, ref: three}
                        """))
                .send("[\"a\",\"b\"]")
                .await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=a", "one=b", "three=[a, b]", "three=[a, b]");
    }

    @Test
    void aSplitThatFailsWithinATryIsCaughtAgain() throws Exception {
        fixture.fails("one=b", 1)
                .fails("three=[a, b, c]", 1)
                .start(DurableFixture.route("""
                        - doTry:
                            steps:
                              - split:
                                  simple: "${body}"
                                  stopOnException: true
                                  steps:
                                    - process: {id: one, ref: one}
                            doCatch:
                              - exception: [dev.caravan.delivery.StepFailure]
                                steps:
                                  - process: {id: two, ref: two}
                        - process: {id: three, ref: three}
                        """))
                .send("[\"a\",\"b\",\"c\"]")
                .await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did)
                .containsExactly("one=a", "one=b", "two=[a, b, c]", "three=[a, b, c]", "three=[a, b, c]");
    }

    @Test
    void aFailureThatDoFinallyOnlyPassesOnIsTriedAgain() throws Exception {
        fixture.fails("one=x", 1)
                .start(DurableFixture.route("""
                        - doTry:
                            steps:
                              - process: {id: one, ref: one}
                            doFinally:
                              steps:
                                - to: {id: clean, uri: direct:clean}
                        - process: {id: three, ref: three}
                        """) + """
                        - route:
                            id: clean
                            from:
                              uri: direct:clean
                              steps:
                                - process: {id: two, ref: two}
                        """)
                .send("\"x\"")
                .await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=x", "two=x", "one=x", "three=x");
    }

    private static String onException(String policy) {
        return """
                - onException:
                    exception: [dev.caravan.delivery.StepFailure]
                %s
                    steps:
                      - to: {id: tell, uri: direct:tell}
                - route:
                    id: tell
                    from:
                      uri: direct:tell
                      steps:
                        - process: {id: two, ref: two}
                """.formatted(policy.indent(4).stripTrailing()) + DurableFixture.route("""
                        - process: {id: one, ref: one}
                        - process: {id: three, ref: three}
                        """);
    }

    @Test
    void anExceptionThatIsNotHandledIsTriedAgainAndToldOnce() throws Exception {
        fixture.fails("one=x", 2).start(onException("")).send("\"x\"").await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=x", "two=x", "one=x", "one=x", "three=x");
    }

    @Test
    void aHandledExceptionEndsTheDeliveryWellAndIsShown() throws Exception {
        DeliverySummary delivery = fixture.fails("one=x", 1)
                .start(onException("handled: {constant: \"true\"}"))
                .send("\"x\"")
                .await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=x", "two=x");
        Settlement.Attempt attempt = delivery.lastAttempt().orElseThrow();
        assertThat(attempt.outcome()).isEqualTo(Settlement.Outcome.SUCCEEDED);
        assertThat(attempt.step()).contains("one");
        assertThat(attempt.message()).contains("handled: not now");
    }

    @Test
    void aContinuedExceptionIsNotTriedAgain() throws Exception {
        fixture.step("three", exchange -> {
            if (exchange.getVariable("attempt", Integer.class) == 1) {
                throw new IllegalStateException("once");
            }
        });
        fixture.fails("one=x", 1)
                .start(onException("continued: {constant: \"true\"}"))
                .send("\"x\"")
                .await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=x", "two=x", "three=x", "three=x");
    }

    @Test
    void eachCaughtFailureHasItsOwnBranch() throws Exception {
        fixture.fails("one=x", 1)
                .fails("three=x", 1)
                .start(onException("continued: {constant: \"true\"}"))
                .send("\"x\"")
                .await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=x", "two=x", "three=x", "two=x");
    }

    @Test
    void aRedeliveryByCamelItselfIsNoCaughtFailure() throws Exception {
        DeliverySummary delivery =
                fixture.fails("one=b", 1).start("""
                        - route:
                            id: a
                            errorHandler:
                              defaultErrorHandler:
                                redeliveryPolicy: {maximumRedeliveries: 2, redeliveryDelay: "1"}
                            from:
                              uri: inbox:koji
                              steps:
                                - split:
                                    simple: "${body}"
                                    stopOnException: true
                                    steps:
                                      - process: {id: one, ref: one}
                        """).send("[\"a\",\"b\"]").await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=a", "one=b", "one=b");
        assertThat(delivery.attempts()).isEqualTo(1);
        assertThat(delivery.lastAttempt().orElseThrow().message()).isEmpty();
    }

    @Test
    void aRecordedFailureIsWhatItWas() {
        StepFailure busy = StepFailure.ofStatus("The destination answered 503", 503, null, "busy");
        Exception back = backFrom(new IllegalStateException("outer", busy));

        assertThat(back).isExactlyInstanceOf(IllegalStateException.class).hasMessage("outer");
        assertThat(back.getCause()).isInstanceOfSatisfying(StepFailure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PASSING);
            assertThat(failure.httpStatus()).isEqualTo(503);
            assertThat(failure.responseExcerpt()).contains("busy");
        });
        assertThat(backFrom(new SocketTimeoutException("read")))
                .isExactlyInstanceOf(SocketTimeoutException.class)
                .hasMessage("read");
        assertThat(backFrom(new HttpOperationFailedException("http://x", 404, "Not Found", null, Map.of(), "no")))
                .isInstanceOfSatisfying(
                        HttpOperationFailedException.class,
                        failure -> assertThat(failure.getStatusCode()).isEqualTo(404));
    }

    @Test
    void aFailureThatCannotBeMadeOfAMessageComesBackAsItsSuperclass() {
        final class Odd extends IOException {
            private static final long serialVersionUID = 1L;

            Odd(int code) {
                super("code " + code);
            }
        }

        assertThat(backFrom(new Odd(7))).isExactlyInstanceOf(IOException.class).hasMessage("code 7");
    }

    private static Exception backFrom(Exception failure) {
        return CaughtFailure.read(CaughtFailure.write(failure), new DefaultClassResolver());
    }
}
