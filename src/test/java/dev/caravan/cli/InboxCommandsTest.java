package dev.caravan.cli;

import static dev.caravan.acceptance.Workplace.toSlack;
import static dev.caravan.cli.Typed.type;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.acceptance.Vendor;
import dev.caravan.acceptance.Workplace;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands that show what the inbox holds. */
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
}
