package dev.caravan.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.settings.Settings;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SinkSettingsTest {
    @TempDir
    private Path directory;

    @Test
    void dataSourcesAreReadFromTheSettings() throws Exception {
        Settings settings = Settings.of(
                directory,
                Map.of(
                        "caravan.datasource.warehouse.url", "jdbc:sqlite:" + directory.resolve("w.db"),
                        "caravan.datasource.wrong.url", "postgres://x",
                        "caravan.datasource.warehouse.pool-size", "2"));
        try (DataSources sources = DataSources.open(settings.directory(), DataSources.read(settings))) {
            assertThat(sources.named("warehouse").getConnection().isValid(1)).isTrue();
            assertThat(sources.named("results").getConnection().isValid(1)).isTrue();
        }
        assertThat(settings.problems()).singleElement().asString().contains("caravan.datasource.wrong.url");
    }

    @Test
    void downloadRulesAreReadFromTheSettings() {
        Settings settings = Settings.of(
                directory,
                Map.of("caravan.download.hosts", "*.koji.so, a.example ,", "caravan.download.timeout", "3s"));
        DownloadRules rules = DownloadRules.of(settings);
        assertThat(rules.hosts()).containsExactly("*.koji.so", "a.example");
        assertThat(rules.privateHosts()).isEmpty();
        assertThat(rules.timeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(rules.allows("app.KOJI.so")).isTrue();
        assertThat(rules.allows("koji.so")).isFalse();
    }

    @Test
    void everyShippedKameletIsThere() throws Exception {
        for (String name : ShippedKamelets.NAMES) {
            try (InputStream file = getClass().getResourceAsStream("/kamelets/" + name + ".kamelet.yaml")) {
                assertThat(file).as(name).isNotNull();
                assertThat(new String(file.readAllBytes(), StandardCharsets.UTF_8))
                        .contains("name: " + name);
            }
        }
    }
}
