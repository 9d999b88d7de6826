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

/** The commands that show and move what the inbox holds, with a node that runs and without. */
@Timeout(60)
class InboxCommandsTest {
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

    private String deadLetter(String interview) {
        place.slack().refuseAll(404);
        String event = place.koji(Vendor.interview(interview)).json().path("id").asText();
        place.awaitSettled();
        place.slack().acceptAll();
        return place.inbox().deliveriesOf(event).get(0).id();
    }

    @Test
    void eventsAndDeliveriesAreListedWhileTheNodeRuns() {
        place.start();
        assertThat(type("events", "--dir", directory, "--json").done().json()).isEmpty();
        String delivery = deadLetter("int_1");
        place.koji(Vendor.interview("int_2"));
        place.koji(Vendor.interview("int_2"));
        place.awaitSettled();

        Typed events =
                type("events", "--dir", directory, "--source", "koji", "--json").done();
        assertThat(events.json()).hasSize(2);
        assertThat(events.json().at("/0/type").asText()).isEqualTo("interview.completed");
        assertThat(events.json().at("/0/duplicates").asInt()).isEqualTo(1);
        assertThat(type("events", "--dir", directory, "--source", "kejue", "--json")
                        .json())
                .isEmpty();
        assertThat(type("events", "--dir", directory, "--limit", "1", "--json").json())
                .hasSize(1);
        String id = events.json().at("/0/id").asText();
        assertThat(type("events", "--dir", directory).done().out()).contains("EVENT", id);

        Typed event = type("event", id, "--dir", directory, "--json").done();
        assertThat(event.json().at("/payload/data/interview_id").asText()).isEqualTo("int_2");
        assertThat(event.json().at("/deliveries/0/attemptList/0/outcome").asText())
                .isEqualTo("succeeded");
        assertThat(type("event", id, "--dir", directory).done().out()).contains("int_2", "succeeded");

        Typed dead = type("deliveries", "--dir", directory, "--state", "dead", "--json")
                .done();
        assertThat(dead.json()).hasSize(1);
        assertThat(dead.json().at("/0/id").asText()).isEqualTo(delivery);
        assertThat(type("deliveries", "--dir", directory).done().out()).contains(delivery, "dead", "message");
        type("event", "evt_none", "--dir", directory).refused().saying("evt_none");
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
        String second = deadLetter("int_2");

        Typed one = type("replay", first, "--dir", directory, "--json").done();
        assertThat(one.json().at("/0/was").asText()).isEqualTo("dead");
        place.awaitSettled();
        assertThat(place.inbox().delivery(first).orElseThrow().state()).isEqualTo(DeliveryState.SUCCEEDED);

        assertThat(type("replay", "--dead", "--dir", directory).done().out()).contains(second, "dead");
        place.awaitSettled();
        assertThat(place.slack().accepted()).hasSize(2);
        assertThat(type("replay", "--dead", "--dir", directory).done().out()).contains("no dead letters");
        Typed unknown = type("replay", "dlv_none", "--dir", directory);
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.out()).contains("dlv_none");
        Typed odd = type("replay", "a b/../é?", "--dir", directory);
        assertThat(odd.exit()).as(odd.err()).isEqualTo(1);
    }

    @Test
    void aNodeOnAnyFreePortIsFoundByTheFileThatItWrote() throws IOException {
        place.start();
        String delivery = deadLetter("int_1");
        assertThat(type("replay", delivery, "--dir", directory).done().out()).contains(delivery, "dead");
        place.awaitSettled();

        Files.delete(directory.resolve("data/ports.properties"));
        type("replay", delivery, "--dir", directory).refused().saying("camel.management.port");
    }

    @Test
    void aReplayWithoutANodeWaitsForTheNextStart() {
        place.start();
        String delivery = deadLetter("int_1");
        place.stop();

        assertThat(type("replay", delivery, "--dir", directory).done().out()).contains(delivery, "dead");
        Typed waiting = type("deliveries", "--dir", directory, "--json").done();
        assertThat(waiting.json().at("/0/state").asText()).isEqualTo("pending");
        assertThat(place.slack().accepted()).isEmpty();

        place.start();
        place.awaitSettled();
        assertThat(place.slack().accepted()).hasSize(1);
        place.stop();
        Typed unknown = type("replay", "dlv_none", "--dir", directory, "--json");
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.json().at("/0/replayed").asBoolean()).isFalse();
    }
}
