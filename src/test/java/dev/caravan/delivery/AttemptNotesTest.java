package dev.caravan.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttemptNotesTest {
    @Test
    void aFullStopStandsBetweenTheMessageAndEachNote() {
        AttemptNotes notes = new AttemptNotes();
        notes.add("The first note.");
        notes.add("The second note.");
        assertThat(notes.after(Optional.of("mend the route")))
                .contains("mend the route. The first note. The second note.");
        assertThat(notes.after(Optional.of("Mend the route.")))
                .contains("Mend the route. The first note. The second note.");
        assertThat(notes.after(Optional.empty())).contains("The first note. The second note.");
    }

    @Test
    void aMessageAloneStaysAsItIs() {
        assertThat(new AttemptNotes().after(Optional.of("mend the route"))).contains("mend the route");
        assertThat(new AttemptNotes().after(Optional.empty())).isEmpty();
    }
}
