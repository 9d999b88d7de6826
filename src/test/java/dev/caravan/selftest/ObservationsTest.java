package dev.caravan.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ObservationsTest {
    private final Observations seen = new Observations();

    private void effect(int life, int attempt, long pass, String print) {
        seen.effect(life, new Told.Effect("evt_1", "tell", "message", attempt, pass, print));
    }

    @Test
    void anEffectThatComesAgainAfterItsStepWasRecordedIsDoubled() {
        effect(1, 1, 7, "a");
        seen.recorded(1, new Told.Recorded(7));
        effect(2, 2, 1, "a");

        assertThat(seen.repetitions().steps()).containsExactly("step message of tell for evt_1 again in attempt 2");
        assertThat(seen.repetitions().allowed()).isZero();
    }

    @Test
    void anEffectThatACrashLeftUnrecordedMayComeAgain() {
        effect(1, 1, 7, "a");
        effect(2, 2, 7, "a");
        seen.recorded(2, new Told.Recorded(7));

        assertThat(seen.repetitions().steps()).isEmpty();
        assertThat(seen.repetitions().allowed()).isEqualTo(1);
        assertThat(seen.effects()).isEqualTo(1);
    }

    @Test
    void theRecordOfOneLifeSaysNothingOfAnother() {
        effect(1, 1, 7, "a");
        seen.recorded(2, new Told.Recorded(7));
        effect(3, 2, 1, "a");

        assertThat(seen.repetitions().steps()).isEmpty();
    }

    @Test
    void differentEffectsOfOneStepAreNoRepetition() {
        effect(1, 1, 7, "a");
        effect(1, 1, 8, "b");
        seen.recorded(1, new Told.Recorded(7));
        effect(2, 2, 1, "c");

        assertThat(seen.repetitions().steps()).isEmpty();
        assertThat(seen.repetitions().allowed()).isZero();
        assertThat(seen.effects()).isEqualTo(3);
    }
}
