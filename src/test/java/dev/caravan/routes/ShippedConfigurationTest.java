package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.automation.AutomationState;
import dev.caravan.automation.AutomationState.State;
import dev.caravan.runtime.NodeConfig;
import dev.caravan.settings.Settings;
import dev.caravan.source.Source;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShippedConfigurationTest {
    private static final Pattern SWITCHED_OFF = Pattern.compile("(?m)^# (?=[a-z][\\w.-]+ = )");

    @TempDir
    private Path directory;

    @Test
    void theShippedFileIsGoodAsItIs() throws Exception {
        Files.copy(Path.of("application.properties"), directory.resolve("application.properties"));
        assertThat(NodeConfig.read(directory).sources())
                .extracting(Source::name)
                .containsExactlyInAnyOrder(
                        "ai-interview", "hubspot", "kejue", "kejue-inline", "koeiq", "koji", "product");
    }

    @Test
    void everyKeyThatItShowsExistsAndHasAValueThatIsTaken() throws Exception {
        String all = SWITCHED_OFF
                .matcher(Files.readString(Path.of("application.properties")))
                .replaceAll("")
                .replaceAll("\\{\\{env:(\\w+)}}", "$1");
        Files.writeString(directory.resolve("application.properties"), all);
        keyStore(directory.resolve("keystore.p12"), "KEYSTORE_PASSWORD");
        Files.writeString(directory.resolve("acme.secret"), "hush");
        assertThat(all).contains("\ncaravan.console.token = ", "\ncaravan.source.acme.handshake = ");
        NodeConfig config = NodeConfig.read(directory);
        assertThat(config.sources()).hasSize(8);
        NodeConfig defaults = NodeConfig.read(Settings.of(directory, Map.of()));
        assertThat(config.delivery()).isEqualTo(defaults.delivery());
        assertThat(config.receive()).isEqualTo(defaults.receive());
        assertThat(config.quarantine()).isEqualTo(defaults.quarantine());
        assertThat(config.management().host()).isEqualTo(defaults.management().host());
        assertThat(config.downloads().maxBytes()).isEqualTo(defaults.downloads().maxBytes());
        assertThat(config.downloads().timeout()).isEqualTo(defaults.downloads().timeout());
    }

    private static void keyStore(Path file, String password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, password.toCharArray());
        }
    }

    @Test
    void withoutASlackUrlWhatNeedsOneIsOffAndNamesIt() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.withSlack(directory)) {
            for (String id : List.of(
                    "caravan-dead-to-slack",
                    "koji-completed-to-slack",
                    "koji-study-digest",
                    "koeiq-alert-to-slack",
                    "kejue-campaign-report")) {
                AutomationState state = shipped.automation(id);
                assertThat(state.state()).as(id).isEqualTo(State.OFF);
                assertThat(state.missingKeys()).as(id).containsExactly("slack.research.webhook-url");
            }
            assertThat(shipped.automation("kejue-calls-to-database").state()).isEqualTo(State.ON);
        }
    }

    @Test
    void oneSlackUrlSwitchesOnWhatNeedsNothingElse() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.withSlack(directory, "research")) {
            assertThat(shipped.automations())
                    .filteredOn(state -> state.state() == State.ON)
                    .extracting(AutomationState::id)
                    .contains(
                            "ai-interview-to-database",
                            "caravan-dead-to-database",
                            "caravan-dead-to-slack",
                            "kejue-calls-to-database",
                            "kejue-campaign-report",
                            "koeiq-alert-to-slack",
                            "koeiq-analytics-to-database",
                            "koeiq-transcription-to-database",
                            "koji-analysis-to-database",
                            "koji-completed-to-slack",
                            "koji-report-delivery",
                            "koji-study-digest");
            shipped.send("koji", ShippedRoutes.sample("koji", "interview.analysis_ready", "newer"));
            shipped.send("koeiq", ShippedRoutes.sample("koeiq", "alert.triggered"));
            shipped.send("kejue", ShippedRoutes.sample("kejue", "campaign.ended"));
            assertThat(shipped.messages("research")).hasSize(3);
        }
    }

    @Test
    void whatIsOffNamesAKeyThatTheShippedFileShows() throws Exception {
        String shown = Files.readString(Path.of("application.properties"));
        try (ShippedRoutes shipped = ShippedRoutes.withSlack(directory)) {
            assertThat(shipped.automations())
                    .filteredOn(state -> state.state() != State.ON)
                    .isNotEmpty()
                    .allSatisfy(state -> assertThat(state.missingKeys())
                            .as(state.id())
                            .isNotEmpty()
                            .allMatch(key -> shown.contains("\n" + key + " =") || shown.contains("\n# " + key + " =")));
        }
    }

    @Test
    void everyKeyThatARouteUsesIsShown() throws Exception {
        String shown = Files.readString(Path.of("application.properties"));
        Pattern key = Pattern.compile("\\{\\{\\??([a-z][\\w.-]+)(?=[:}])");
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.toList()) {
                assertThat(key.matcher(Files.readString(file)).results().map(found -> found.group(1)))
                        .as(file.toString())
                        .allMatch(name -> shown.contains("\n" + name + " =") || shown.contains("\n# " + name + " ="));
            }
        }
    }

    @Test
    void anEmptyListOfStudiesFitsNone() throws Exception {
        try (ShippedRoutes shipped = ShippedRoutes.start(directory, "koji.studies.customer-success =")) {
            shipped.send("koji", ShippedRoutes.sample("koji", "interview.analysis_ready", "newer"));
            assertThat(shipped.messages("customer-success")).isEmpty();
            assertThat(shipped.messages("research")).hasSize(1);
        }
    }

    @Test
    void theDemosValuesSwitchEverythingOnAndTheCheckFindsNothing() throws Exception {
        String demo = Files.readString(Path.of("src/main/resources/dryrun/demo.properties"));
        try (ShippedRoutes shipped = ShippedRoutes.start(directory, demo)) {
            assertThat(shipped.check().findings()).isEmpty();
            assertThat(shipped.automations()).allSatisfy(state -> {
                assertThat(state.state()).as(state.id()).isEqualTo(State.ON);
                assertThat(state.skippedSteps()).as(state.id()).isEmpty();
            });
        }
    }

    @Test
    void everyFileHasTheAutomationOfItsName() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            assertThat(files)
                    .allSatisfy(file -> assertThat(Files.readString(file))
                            .startsWith("# ")
                            .contains(
                                    "\n    id: " + file.getFileName().toString().replace(".yaml", "") + "\n"));
        }
    }
}
