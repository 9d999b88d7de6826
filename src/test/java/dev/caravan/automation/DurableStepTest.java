package dev.caravan.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.StepFailure;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.sink.DeliveryKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.camel.converter.stream.InputStreamCache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DurableStepTest {
    private static final String THREE = DurableFixture.route("""
            - process: {id: one, ref: one}
            - process: {id: two, ref: two}
            - process: {id: three, ref: three}
            """);

    @TempDir
    private Path base;

    private DurableFixture fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new DurableFixture(base).step("one").step("two").step("three");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aFinishedStepIsNotRepeated() throws Exception {
        fixture.fails("three=x", 2).start(THREE).send("\"x\"").await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=x", "two=x", "three=x", "three=x", "three=x");
        assertThat(fixture.inbox.reader().steps(fixture.delivery().id())).isEmpty();
    }

    @Test
    void theMessageIsAsTheSkippedStepLeftIt() throws Exception {
        fixture.step("one", exchange -> {
            exchange.getMessage().setBody(Map.of("bytes", new byte[] {1, 2}, "n", 5L));
            exchange.getMessage().setHeader("Seen", 7);
            exchange.setVariable("found", List.of("v"));
        });
        fixture.step("two", exchange -> {
            Map<?, ?> body = exchange.getMessage().getBody(Map.class);
            assertThat((byte[]) body.get("bytes")).containsExactly(1, 2);
            fixture.did.add(body.get("n") + " " + exchange.getMessage().getHeader("seen") + " "
                    + exchange.getVariable("found") + " " + exchange.getVariable("attempt"));
            exchange.getMessage().setBody("done");
            if (exchange.getVariable("attempt", Integer.class) == 1) {
                throw new IllegalStateException("once");
            }
        });
        fixture.start(THREE).send("\"x\"").await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).filteredOn(s -> s.startsWith("5 ")).containsExactly("5 7 [v] 1", "5 7 [v] 2");
        assertThat(fixture.did).filteredOn(s -> s.startsWith("one")).hasSize(1);
        assertThat(fixture.did).endsWith("three=done");
    }

    @Test
    void aChangeWithinThePayloadIsRestored() throws Exception {
        fixture.step("one", exchange -> {
            @SuppressWarnings("unchecked")
            Map<String, Object> body = exchange.getMessage().getBody(Map.class);
            body.put("added", true);
        });
        fixture.fails("two={a=1, added=true}", 1).start(THREE).send("{\"a\":1}").await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did)
                .containsExactly(
                        "one={a=1}", "two={a=1, added=true}", "two={a=1, added=true}", "three={a=1, added=true}");
    }

    @Test
    void aStreamIsStoredAndCanStillBeRead() throws Exception {
        fixture.step("one", DurableFixture.body(new InputStreamCache("text".getBytes(StandardCharsets.UTF_8))));
        fixture.fails("two=text", 1).start(THREE).send("1").await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=1", "two=text", "two=text", "three=text");
    }

    @Test
    void theElementsOfASplitThatAreDoneAreNotRepeated() throws Exception {
        fixture.fails("one=c", 1)
                .start(DurableFixture.route("""
                        - split:
                            simple: "${body}"
                            stopOnException: true
                            steps:
                              - process: {id: one, ref: one}
                        - process: {id: two, ref: two}
                        """))
                .send("[\"a\",\"b\",\"c\",\"d\"]")
                .await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=a", "one=b", "one=c", "one=c", "one=d", "two=[a, b, c, d]");
    }

    @Test
    void aBranchThatFailedForGoodDoesNotKeepAnotherFromItsRetries() throws Exception {
        fixture.step("one", exchange -> {
            throw StepFailure.permanent("never");
        });
        fixture.fails("two=x", 2).start(DurableFixture.route("""
                        - multicast:
                            id: all
                            steps:
                              - process: {id: one, ref: one}
                              - process: {id: two, ref: two}
                              - process: {id: three, ref: three}
                        """)).send("\"x\"").await(DeliveryState.DEAD);

        assertThat(fixture.did).filteredOn(did -> did.equals("two=x")).hasSize(3);
        assertThat(fixture.did).filteredOn(did -> did.equals("three=x")).hasSize(1);
        assertThat(fixture.did).filteredOn(did -> did.equals("one=x")).hasSize(3);
    }

    @Test
    void whatAStepLeavesAloneTakesNoRoom() throws Exception {
        String large = "x".repeat(2_000_000);
        fixture.step("small", exchange -> {
            exchange.setVariable("told", "me");
            exchange.removeVariable("gone");
        });
        fixture.step("last", exchange -> {
            fixture.did.add(exchange.getVariable("told") + " " + exchange.getVariable("gone") + " "
                    + exchange.getVariable("copy", String.class).length());
            if (exchange.getVariable("attempt", Integer.class) == 1) {
                throw StepFailure.passing("once", null);
            }
        });
        fixture.start(DurableFixture.route("""
                        - setVariable: {id: copy, name: copy, simple: "${body}"}
                        - setVariable: {id: gone, name: gone, constant: here}
                        - process: {id: small, ref: small}
                        - process: {id: last, ref: last}
                        """)).send("\"" + large + "\"").await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did)
                .filteredOn(did -> did.startsWith("me "))
                .containsExactly("me null 2000000", "me null 2000000");
    }

    @Test
    void aDestinationSeesOneKeyForEachElementAndStepInEveryAttempt() throws Exception {
        Map<String, List<String>> keys = new ConcurrentHashMap<>();
        for (String step : List.of("one", "two")) {
            fixture.step(step, exchange -> {
                String what = step + "=" + exchange.getMessage().getBody(String.class);
                keys.computeIfAbsent(what, first -> new CopyOnWriteArrayList<>())
                        .add(DeliveryKey.hash(exchange) + " " + DeliveryKey.uuid(exchange));
                if (what.equals("two=b") && keys.get(what).size() == 1) {
                    throw new IllegalStateException("once");
                }
            });
        }
        fixture.start(DurableFixture.route("""
                        - split:
                            simple: "${body}"
                            stopOnException: true
                            steps:
                              - process: {id: one, ref: one}
                              - process: {id: two, ref: two}
                        """)).send("[\"a\",\"b\"]").await(DeliveryState.SUCCEEDED);

        assertThat(keys).containsOnlyKeys("one=a", "two=a", "one=b", "two=b");
        List<String> twice = Objects.requireNonNull(keys.get("two=b"));
        assertThat(twice).hasSize(2).containsOnly(twice.get(0));
        assertThat(keys.values().stream().map(seen -> seen.get(0))).doesNotHaveDuplicates();
        assertThat(twice.get(0))
                .matches("[0-9a-f]{64} [0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    }

    @Test
    void splitsWithinSplitsAreToldApart() throws Exception {
        fixture.fails("one=d", 1)
                .start(DurableFixture.route("""
                        - split:
                            id: outer
                            simple: "${body}"
                            stopOnException: true
                            steps:
                              - split:
                                  id: inner
                                  simple: "${body}"
                                  stopOnException: true
                                  steps:
                                    - process: {id: one, ref: one}
                              - process: {id: two, ref: two}
                        """))
                .send("[[\"a\",\"b\"],[\"c\",\"d\"]]")
                .await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did)
                .containsExactly("one=a", "one=b", "two=[a, b]", "one=c", "one=d", "one=d", "two=[c, d]");
    }

    @Test
    void aParallelSplitRepeatsOnlyWhatFailed() throws Exception {
        fixture.fails("one=c", 1)
                .start(DurableFixture.route("""
                        - split:
                            simple: "${body}"
                            parallelProcessing: true
                            shareUnitOfWork: true
                            steps:
                              - process: {id: one, ref: one}
                        """))
                .send("[\"a\",\"b\",\"c\",\"d\"]")
                .await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactlyInAnyOrder("one=a", "one=b", "one=c", "one=d", "one=c");
    }

    @Test
    void theTurnsOfALoopAreToldApart() throws Exception {
        fixture.step(
                        "one",
                        exchange -> exchange.getMessage()
                                .setBody(exchange.getMessage().getBody(String.class) + "+"))
                .fails("one=x+", 1)
                .start(DurableFixture.route("""
                        - loop:
                            constant: 3
                            steps:
                              - process: {id: one, ref: one}
                        - process: {id: two, ref: two}
                        """))
                .send("\"x\"")
                .await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=x", "one=x+", "one=x+", "one=x++", "two=x+++");
    }

    @Test
    void aHelperRouteIsKnownByItsCaller() throws Exception {
        fixture.fails("three=x", 1)
                .start(DurableFixture.route("""
                        - to: {id: first, uri: direct:help}
                        - to: {id: second, uri: direct:help}
                        - process: {id: three, ref: three}
                        """) + """
                        - route:
                            id: help
                            from:
                              uri: direct:help
                              steps:
                                - process: {id: one, ref: one}
                        """)
                .send("\"x\"")
                .await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=x", "one=x", "three=x", "three=x");
    }

    @Test
    void aChoiceTakesTheSameBranch() throws Exception {
        fixture.step("one", DurableFixture.body("changed"))
                .fails("two=changed", 1)
                .start(DurableFixture.route("""
                        - process: {id: one, ref: one}
                        - choice:
                            when:
                              - simple: "${body} == 'changed'"
                                steps:
                                  - process: {id: two, ref: two}
                            otherwise:
                              steps:
                                - process: {id: three, ref: three}
                        """))
                .send("\"x\"")
                .await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=x", "two=changed", "two=changed");
    }

    @Test
    void aCrashBetweenStepsRepeatsNoFinishedOne() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        fixture.step("three", exchange -> release.await()).start(THREE).send("\"x\"");
        await().until(() -> fixture.did.contains("three=x"));
        fixture.crash();

        try (DurableFixture next =
                new DurableFixture(base).step("one").step("two").step("three")) {
            next.start(THREE).await(DeliveryState.SUCCEEDED);
            assertThat(next.did).containsExactly("three=x");
        } finally {
            release.countDown();
        }
    }

    @Test
    void anEditedStepRunsAgainAndTheOthersDoNot() throws Exception {
        String route = """
                - process: {id: one, ref: one}
                - to: {id: say, uri: kamelet:say-sink, parameters: {text: "%s"}}
                - process: {id: three, ref: three}
                """;
        fixture.fails("three=x", 4)
                .start(DurableFixture.route(route.formatted("old")))
                .send("\"x\"");
        fixture.await(DeliveryState.DEAD);
        fixture.save("# moved down a line\n" + DurableFixture.route(route.formatted("new")));
        fixture.replay();
        fixture.await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did)
                .containsExactly("one=x", "old|x", "three=x", "three=x", "three=x", "three=x", "new|x", "three=x");
    }

    @Test
    void aStepWhoseSecretIsRotatedDoesNotRunAgain() throws Exception {
        String route = DurableFixture.route("""
                - to: {id: say, uri: kamelet:say-sink, parameters: {text: "{{secret}}"}}
                - process: {id: three, ref: three}
                """);
        fixture.fails("three=x", 4).start(route).send("\"x\"").await(DeliveryState.DEAD);
        fixture.secret = "new";
        fixture.save("# read again\n" + route);
        fixture.replay();
        fixture.await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("old|x", "three=x", "three=x", "three=x", "three=x", "three=x");
    }

    private static final String HELP = """
            - route:
                id: help
                from:
                  uri: direct:help
                  steps:
                    - process: {id: one, ref: one}
            """;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theBranchesOfAMulticastAreToldApart(boolean atOnce) throws Exception {
        fixture.fails("three=[a, b]", 1)
                .start(DurableFixture.route("""
                        - multicast:
                            id: all
                            parallelProcessing: %s
                            stopOnException: true
                            steps:
                              - to: {id: first, uri: direct:help}
                              - to: {id: second, uri: direct:help}
                              - split:
                                  id: each
                                  simple: "${body}"
                                  steps:
                                    - process: {id: two, ref: two}
                              - process: {id: three, ref: three}
                        """.formatted(atOnce)) + HELP)
                .send("[\"a\",\"b\"]")
                .await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did)
                .containsExactlyInAnyOrder(
                        "one=[a, b]", "one=[a, b]", "two=a", "two=b", "three=[a, b]", "three=[a, b]");
    }

    @Test
    void theDirectRoutesOfARecipientListAreToldApart() throws Exception {
        fixture.fails("three=x", 1)
                .start(DurableFixture.route("""
                        - recipientList:
                            id: all
                            constant: "direct:help,direct:help,direct:last"
                            stopOnException: true
                        """)
                        + HELP
                        + HELP.replace("help", "last").replace("one", "three"))
                .send("\"x\"")
                .await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=x", "one=x", "three=x", "three=x");
    }

    @Test
    void aReplayOfADeadDeliveryGoesOnWhereItFailed() throws Exception {
        fixture.fails("two=x", 4).start(THREE).send("\"x\"").await(DeliveryState.DEAD);
        fixture.did.clear();
        fixture.replay();
        fixture.await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("two=x", "three=x");
    }

    @Test
    void aReplayOfADeliveryThatSucceededRunsEverythingAnew() throws Exception {
        fixture.start(THREE).send("\"x\"").await(DeliveryState.SUCCEEDED);
        fixture.replay();
        await().until(() -> fixture.did.size() == 6);
        fixture.await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did).containsExactly("one=x", "two=x", "three=x", "one=x", "two=x", "three=x");
    }

    @Test
    void aStateThatIsTooLargeFailsTheStep() throws Exception {
        fixture.step("one", DurableFixture.body("x".repeat(DurableFixture.STATE_LIMIT)))
                .start(THREE)
                .send("\"x\"")
                .await(DeliveryState.DEAD);

        assertThat(fixture.did).containsExactly("one=x");
        assertThat(fixture.failure()).contains("Step one", "caravan.delivery.step-state (100000)");
    }

    @Test
    void aPayloadThatAStepLeavesAloneTakesNoRoomInItsState() throws Exception {
        // The fixture's idempotency key is a variable with all of the payload.
        String text = "x".repeat(DurableFixture.STATE_LIMIT * 3 / 4);
        fixture.step("one", exchange -> exchange.setVariable("found", true))
                .fails("two={a=" + text + "}", 1)
                .start(THREE)
                .send("{\"a\":\"" + text + "\"}")
                .await(DeliveryState.SUCCEEDED);

        assertThat(fixture.did)
                .extracting(step -> step.substring(0, step.indexOf('=')))
                .containsExactly("one", "two", "two", "three");
        assertThat(fixture.did).allMatch(step -> step.endsWith("={a=" + text + "}"));
    }

    @Test
    void aStreamThatIsTooLargeFailsTheStep() throws Exception {
        fixture.step("one", DurableFixture.body(new InputStreamCache(new byte[DurableFixture.STATE_LIMIT + 1])))
                .start(THREE)
                .send("\"x\"")
                .await(DeliveryState.DEAD);

        assertThat(fixture.failure()).contains("100001 bytes");
    }

    @Test
    void aValueThatCannotBeStoredFailsTheStepAndIsNamed() throws Exception {
        fixture.step("one", exchange -> exchange.getMessage().setHeader("When", Instant.EPOCH))
                .start(THREE)
                .send("\"x\"")
                .await(DeliveryState.DEAD);

        assertThat(fixture.did).containsExactly("one=x");
        assertThat(fixture.failure()).contains("Step one", "headers.When is a java.time.Instant");
    }
}
