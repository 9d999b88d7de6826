package dev.caravan.automation;

import static dev.caravan.automation.AutomationFixture.saying;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadTest {
    private AutomationFixture fixture;

    @BeforeEach
    void open(@TempDir Path base) throws IOException {
        fixture = new AutomationFixture(base);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static String twoSinks(String text) {
        return """
                - route:
                    id: a
                    from:
                      uri: inbox:koji
                      steps:
                        - to: {id: one, uri: kamelet:say-sink, parameters: {text: "%1$s"}}
                        - choice:
                            id: which
                            when:
                              - simple: "${body} != null"
                                steps:
                                  - to: {id: two, uri: kamelet:say-sink, parameters: {text: "again %1$s"}}
                """.formatted(text);
    }

    @Test
    void aThousandReloadsLeaveNothingBehind() throws Exception {
        fixture.write("a.yaml", twoSinks("start"));
        fixture.start();
        IntStream.range(0, 5).forEach(i -> fixture.save("a.yaml", twoSinks("warm " + i)));
        Map<String, Integer> before = holdings();
        long threadsBefore = threads();
        List<WeakReference<Route>> old = new ArrayList<>();

        for (int i = 0; i < 1_000; i++) {
            if (i % 100 == 0) {
                fixture.context.getRoutes().forEach(route -> old.add(new WeakReference<>(route)));
            }
            fixture.save("a.yaml", twoSinks("text " + i));
        }

        assertThat(holdings()).isEqualTo(before);
        await().untilAsserted(() -> assertThat(threads()).isLessThanOrEqualTo(threadsBefore));
        assertThat(old).hasSize(30);
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            System.gc();
            assertThat(old).allSatisfy(route -> assertThat(route.get()).isNull());
        });
        fixture.inbox.publish("koji", "1");
        fixture.awaitHeard("text 999|1", "again text 999|1");
    }

    private Map<String, Integer> holdings() {
        DefaultCamelContext context = fixture.context;
        ModelCamelContext model = context;
        KameletComponent kamelet = context.getComponent("kamelet", KameletComponent.class);
        Map<String, Integer> counts = new TreeMap<>();
        counts.put("routes", context.getRoutes().size());
        counts.put("definitions", model.getRouteDefinitions().size());
        counts.put("templates", model.getRouteTemplateDefinitions().size());
        counts.put("endpoints", context.getEndpoints().size());
        counts.put("parameters", kamelet.getRouteProperties().size());
        counts.put("services", context.getCamelContextExtension().getServices().size());
        counts.put(
                "startup order",
                context.getCamelContextExtension().getRouteStartupOrder().size());
        counts.put("lifecycle strategies", context.getLifecycleStrategies().size());
        counts.put("route policies", context.getRoutePolicyFactories().size());
        return counts;
    }

    private long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("Camel (" + fixture.context.getName() + ")"))
                .count();
    }

    @Test
    void aDeliveryInFlightFinishesOnTheOldVersion() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        fixture.context.getRegistry().bind("gate", (Processor) exchange -> {
            entered.countDown();
            go.await();
        });
        fixture.write(
                "a.yaml", saying("a", "old").replace("steps:", "steps:\n        - process: {id: gate, ref: gate}"));
        fixture.start();
        fixture.inbox.publish("koji", "1");
        entered.await();
        fixture.inbox.publish("koji", "2");

        Thread saving = new Thread(() -> fixture.save("a.yaml", saying("a", "new")));
        saving.start();
        await().until(() ->
                fixture.context.getRoute("a").getConsumer() instanceof org.apache.camel.StatefulService service
                        && service.isSuspended());
        assertThat(fixture.heard).isEmpty();
        go.countDown();
        saving.join();

        fixture.awaitHeard("old|1", "new|2");
    }

    @Test
    void aRouteSavedWhileEventsStreamInLosesNoneAndDoublesNone() throws Exception {
        fixture.write("a.yaml", saying("a", "v0"));
        fixture.start();
        Thread stream = new Thread(() -> IntStream.range(0, 3_000).forEach(i -> {
            fixture.inbox.publish("koji", String.valueOf(i));
            java.util.concurrent.locks.LockSupport.parkNanos(200_000);
        }));
        stream.start();
        await().until(() -> !fixture.heard.isEmpty());

        for (int version = 1; stream.isAlive(); version++) {
            fixture.save("a.yaml", saying("a", "v" + version));
        }
        stream.join();

        await().untilAsserted(() -> assertThat(fixture.heard)
                .as(
                        "waiting %s, failed %s",
                        fixture.inbox.waiting("a"),
                        fixture.inbox.failed.stream()
                                .map(exchange -> exchange.getMessage().getBody() + ": " + exchange.getException())
                                .toList())
                .hasSizeGreaterThanOrEqualTo(3_000));
        assertThat(fixture.heard)
                .extracting(text -> Integer.valueOf(text.substring(text.indexOf('|') + 1)))
                .containsExactlyElementsOf(IntStream.range(0, 3_000).boxed().toList());
        assertThat(fixture.heard.stream()
                        .map(text -> text.substring(0, text.indexOf('|')))
                        .distinct())
                .hasSizeGreaterThan(2)
                .startsWith("v0");
        assertThat(fixture.inbox.failed).isEmpty();
    }

    @Test
    void aFailureOnlySeenAtTheStartPutsTheLastGoodVersionBack() throws Exception {
        fixture.write("a.yaml", saying("a", "good"));
        fixture.start();

        fixture.save("a.yaml", """
                - route:
                    id: b
                    from:
                      uri: "direct:same"
                      steps: [{log: x}]
                - route:
                    id: c
                    from:
                      uri: "direct:same"
                      steps: [{log: x}]
                """);
        fixture.inbox.publish("koji", "1");

        fixture.awaitHeard("good|1");
        assertThat(fixture.state("a").state()).isEqualTo(AutomationState.State.BROKEN);
        assertThat(fixture.state("a").running()).isTrue();
        assertThat(fixture.context.getRoutes()).extracting(Route::getId).containsExactlyInAnyOrder("a", "a-message");
        assertThat(fixture.inbox.ids()).containsExactly("a");
    }
}
