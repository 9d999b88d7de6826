package dev.caravan.cli;

import static dev.caravan.acceptance.Workplace.toSlack;
import static dev.caravan.cli.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.acceptance.Vendor;
import dev.caravan.acceptance.Workplace;
import dev.caravan.inbox.DeliveryState;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The command that runs deliveries again, with a node that runs and without. */
@Timeout(60)
class ReplayCommandTest {
    @TempDir
    private Path directory;

    private Workplace place;

    @BeforeEach
    void prepare() {
        place = new Workplace(directory).route("tell", toSlack("tell", "Done:"));
    }

    @AfterEach
    void close() {
        place.close();
    }

    private String event(String interview) {
        return place.koji(Vendor.interview(interview)).json().path("id").asText();
    }

    private String deadLetter(String interview) {
        place.slack().refuseAll(404);
        String event = event(interview);
        place.awaitSettled();
        place.slack().acceptAll();
        return place.inbox().deliveriesOf(event).get(0).id();
    }

    private Typed replay(Object... words) {
        Object[] all = new Object[words.length + 3];
        all[0] = "replay";
        System.arraycopy(words, 0, all, 1, words.length);
        all[words.length + 1] = "--dir";
        all[words.length + 2] = directory;
        return type(all);
    }

    @Test
    void aReplayGoesThroughTheNodeThatRuns() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        place.set("camel.management.port", Integer.toString(port))
                .set("caravan.console.token", "console-token")
                .start();
        String first = deadLetter("int_1");
        deadLetter("int_2");

        Typed one = replay(first, "--json", "--yes").done();
        assertThat(one.json().at("/plan/runs/0/was").asText()).isEqualTo("dead");
        assertThat(one.json().at("/plan/runs/0/fromStep").asText()).isEqualTo("message");
        assertThat(one.json().at("/replayed").asInt()).isEqualTo(1);
        place.awaitSettled();
        assertThat(place.inbox().delivery(first).orElseThrow().state()).isEqualTo(DeliveryState.SUCCEEDED);

        assertThat(replay("--dead", "--yes").done().out())
                .contains("1 delivery would run:", "tell", "dead", "from message", "1 delivery is due now.");
        place.awaitSettled();
        assertThat(place.slack().accepted()).hasSize(2);
        assertThat(replay("--dead").done().out()).contains("nothing to replay");
        replay("dlv_none", "--yes").refused().saying("no delivery dlv_none");
        replay("a b/../é?", "--yes").refused().saying("a b/../é?");
        replay("--event", "evt_none").refused().saying("no event evt_none");
        replay("--automation", "tel", "--since", "1d").refused().saying("no automation tel");
    }

    @Test
    void aNodeOnAnyFreePortIsFoundByTheFileThatItWrote() throws IOException {
        place.start();
        String delivery = deadLetter("int_1");
        replay(delivery, "--yes").done();
        place.awaitSettled();

        Files.delete(directory.resolve("data/ports.properties"));
        replay(delivery, "--yes").refused().saying("camel.management.port");
    }

    @Test
    void withoutATerminalNothingIsDoneUnlessToldSo() {
        place.start();
        String delivery = deadLetter("int_1");

        Typed asked = replay(delivery);
        assertThat(asked.exit()).isEqualTo(2);
        assertThat(asked.out()).contains("1 delivery would run");
        assertThat(asked.err()).contains("--yes");
        assertThat(replay("--dead", "--dry-run").done().out()).contains("1 delivery would run");
        Typed planned = replay("--dead", "--dry-run", "--json").done();
        assertThat(planned.json().at("/plan/deliveries").asInt()).isEqualTo(1);
        assertThat(planned.json().has("replayed")).isFalse();

        assertThat(place.inbox().delivery(delivery).orElseThrow().state()).isEqualTo(DeliveryState.DEAD);
    }

    @Test
    void aReplayWithoutANodeWaitsForTheNextStart() {
        place.start();
        String delivery = deadLetter("int_1");
        place.stop();

        assertThat(replay(delivery, "--yes").done().out())
                .contains("would run at the node's next start", "from message");
        Typed waiting = type("deliveries", "--dir", directory, "--json").done();
        assertThat(waiting.json().at("/0/state").asText()).isEqualTo("pending");
        assertThat(waiting.json().at("/0/manual").asBoolean()).isTrue();
        assertThat(place.slack().accepted()).isEmpty();

        place.start();
        place.awaitSettled();
        assertThat(place.slack().accepted()).hasSize(1);
        place.stop();
        replay("dlv_none", "--yes").refused().saying("no delivery dlv_none");
    }

    @Test
    void whatSucceededRunsAnewAndSaysSo() {
        place.start();
        String event = event("int_1");
        place.awaitSettled();

        assertThat(replay("--event", event, "--yes").done().out()).contains("succeeded", "all anew: message");
        place.awaitSettled();
        assertThat(place.slack().accepted()).hasSize(2);
        assertThat(type("event", event, "--dir", directory).done().out()).contains("succeeded (manual, generation 1)");
        assertThat(type("deliveries", "--dir", directory, "--json")
                        .done()
                        .json()
                        .at("/0/generation")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void pastEventsAreDeliveredToAnAutomationThatHasNeverBeenOnOnceItIs() {
        place.start();
        event("int_1");
        event("int_2");
        place.awaitSettled();
        place.stop();
        place.route("late", toSlack("late", "Late:")).set("caravan.automation.late.enabled", "false");

        assertThat(replay("--automation", "late", "--since", "1d", "--yes")
                        .done()
                        .out())
                .contains("2 deliveries would run", "late", "new", "all: message", "2 interview.completed");
        assertThat(replay("--automation", "late", "--since", "1d", "--yes")
                        .done()
                        .out())
                .contains("nothing to replay");
        place.start();
        assertThat(place.slack().accepted()).hasSize(2);
        place.stop();
        place.set("caravan.automation.late.enabled", "true").start();
        place.awaitSettled();
        assertThat(place.slack().accepted())
                .filteredOn(text -> text.startsWith("Late:"))
                .hasSize(2);
    }

    @Test
    void deliveriesOfADeletedAutomationAreNamedAndStay() throws IOException {
        place.start();
        String delivery = deadLetter("int_1");
        place.stop();
        Files.delete(directory.resolve("routes/tell.yaml"));
        place.start();

        Typed gone = replay("--dead", "--yes");
        assertThat(gone.exit()).isEqualTo(1);
        assertThat(gone.out()).contains("Not possible", "tell", "defined any more", "nothing to replay");
        assertThat(place.inbox().delivery(delivery).orElseThrow().state()).isEqualTo(DeliveryState.DEAD);
    }
}
