package dev.caravan.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetentionSettingsTest {
    private static Settings settings(Map<String, String> values) {
        return Settings.of(Path.of("."), values);
    }

    @Test
    void deadLettersAreKeptLongerAndKeysForGood() {
        RetentionSettings usual = RetentionSettings.read(settings(Map.of()));

        assertThat(usual.succeeded()).contains(Duration.ofDays(30));
        assertThat(usual.dead()).contains(Duration.ofDays(90));
        assertThat(usual.discarded()).contains(Duration.ofDays(30));
        assertThat(usual.unwanted()).contains(Duration.ofDays(30));
        assertThat(usual.keys()).isEmpty();
    }

    @Test
    void neverAndZeroKeepForGood() {
        Settings settings = settings(Map.of(
                "caravan.retention.succeeded", "never",
                "caravan.retention.dead", "0",
                "caravan.retention.unwanted", "7d"));

        RetentionSettings read = RetentionSettings.read(settings);

        assertThat(read.succeeded()).isEmpty();
        assertThat(read.dead()).isEmpty();
        assertThat(read.unwanted()).contains(Duration.ofDays(7));
        assertThat(read.shortest()).isEqualTo(Optional.of(Duration.ofDays(7)));
        assertThat(settings.problems()).isEmpty();
    }

    @Test
    void keysThatWouldNotOutliveThePayloadsAreAProblem() {
        Settings settings = settings(Map.of("caravan.retention.keys", "90d"));
        RetentionSettings.read(settings);
        assertThat(settings.problems()).singleElement().asString().contains("caravan.retention.keys", "longer");

        Settings longer = settings(Map.of("caravan.retention.keys", "91d"));
        RetentionSettings.read(longer);
        assertThat(longer.problems()).isEmpty();
    }

    @Test
    void anAgeThatIsNoneIsNamed() {
        Settings settings = settings(Map.of("caravan.retention.dead", "a year"));
        RetentionSettings.read(settings);
        assertThat(settings.problems())
                .singleElement()
                .asString()
                .contains("caravan.retention.dead", "a year", "30d", "never");
    }
}
