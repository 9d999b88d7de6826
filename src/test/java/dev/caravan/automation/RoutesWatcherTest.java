package dev.caravan.automation;

import static dev.caravan.automation.AutomationFixture.saying;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.automation.AutomationState.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RoutesWatcherTest {
    private AutomationFixture fixture;
    private RoutesWatcher watcher;

    @BeforeEach
    void open(@TempDir Path base) throws IOException {
        fixture = new AutomationFixture(base);
        fixture.write("a.yaml", saying("a", "old"));
        fixture.start();
        watcher = new RoutesWatcher(base, fixture.automations);
        watcher.start();
    }

    @AfterEach
    void close() throws IOException {
        watcher.close();
        fixture.close();
    }

    private void awaitSaid(String id, String text) {
        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
            assertThat(fixture.state(id).state()).isEqualTo(State.ON);
            assertThat(fixture.context
                            .getComponent("kamelet", org.apache.camel.component.kamelet.KameletComponent.class)
                            .getRouteProperties()
                            .get(id + "-message"))
                    .containsEntry("text", SayProcessor.encode(text));
        });
    }

    @Test
    void anAtomicSaveCounts() {
        fixture.write("a.yaml", saying("a", "new"));

        awaitSaid("a", "new");
    }

    @Test
    void aNewFileAndADeletedOneCount() throws IOException {
        Files.writeString(fixture.file("b.yml"), saying("b", "b"));
        awaitSaid("b", "b");

        Files.delete(fixture.file("a.yaml"));
        await().until(() -> fixture.state("a").state() == State.REMOVED);
    }

    @Test
    void aRenameKeepsTheSubscription() throws IOException {
        Files.move(fixture.file("a.yaml"), fixture.file("z.yaml"), StandardCopyOption.ATOMIC_MOVE);

        await().atMost(Duration.ofSeconds(15))
                .until(() -> fixture.state("a").origin().equals("routes/z.yaml"));
        assertThat(fixture.inbox.log).containsExactly("subscribe a [koji] []");
    }

    @Test
    void aSaveWrittenBitByBitShowsOnlyWhole() throws Exception {
        String text = saying("a", "new");
        List<State> seen = new CopyOnWriteArrayList<>();
        Files.writeString(fixture.file("a.yaml"), "", StandardOpenOption.TRUNCATE_EXISTING);
        for (int at = 0; at < text.length(); at += 30) {
            Files.writeString(
                    fixture.file("a.yaml"),
                    text.substring(at, Math.min(at + 30, text.length())),
                    StandardOpenOption.APPEND);
            TimeUnit.MILLISECONDS.sleep(60);
            seen.add(fixture.state("a").state());
        }

        awaitSaid("a", "new");
        assertThat(seen).containsOnly(State.ON);
    }

    @Test
    void aFileThatStaysBrokenIsShown() throws IOException {
        Files.writeString(fixture.file("a.yaml"), "- route: [\n");

        await().atMost(Duration.ofSeconds(15)).until(() -> fixture.state("a").state() == State.BROKEN);
        assertThat(fixture.state("a").running()).isTrue();
    }

    @Test
    void editorsOwnFilesAreNotRoutes() throws IOException {
        for (String name :
                List.of(".a.yaml.swp", ".#a.yaml", "a.yaml~", "#a.yaml#", "4913", ".hidden.yaml", "a.yaml.tmp")) {
            Files.writeString(fixture.file(name), saying("other", "x"));
        }
        Files.createDirectory(fixture.file("dir.yaml"));
        fixture.write("b.yaml", saying("b", "b"));
        awaitSaid("b", "b");

        assertThat(fixture.automations.states()).extracting(AutomationState::id).containsExactly("a", "b");
    }

    @Test
    void anEditedKameletCountsForTheFilesThatUseIt() throws IOException {
        Path kamelets = Files.createDirectories(fixture.base.resolve("kamelets"));
        String kamelet;
        try (var in = RoutesWatcherTest.class.getResourceAsStream("/kamelets/say-sink.kamelet.yaml")) {
            kamelet = new String(
                            java.util.Objects.requireNonNull(in).readAllBytes(),
                            java.nio.charset.StandardCharsets.UTF_8)
                    .replace("say-sink", "own-sink");
        }
        Files.writeString(kamelets.resolve("own-sink.kamelet.yaml"), kamelet);
        fixture.write("own.yaml", saying("own", "plain").replace("say-sink", "own-sink"));
        await().atMost(Duration.ofSeconds(15)).until(() -> fixture.inbox.ids().contains("own"));
        Files.delete(fixture.file("a.yaml"));
        await().atMost(Duration.ofSeconds(15)).until(() -> fixture.state("a").state() == State.REMOVED);

        Files.writeString(
                kamelets.resolve("own-sink.kamelet.yaml"),
                kamelet.replace("text: \"{{text}}\"", "text: \"edited {{text}}\""));

        Files.writeString(kamelets.resolve("own-sink.kamelet.yaml"), kamelet.replace("- process:", "- proces:"));
        await().atMost(Duration.ofSeconds(15)).until(() -> fixture.state("own").state() == State.BROKEN);
        assertThat(fixture.state("own").running()).isTrue();
        assertThat(fixture.state("own").reason()).startsWith("kamelets/own-sink.kamelet.yaml:");
        Files.writeString(kamelets.resolve("own-sink.kamelet.yaml"), kamelet.replace("- process:", "- proces:"));
        await().atMost(Duration.ofSeconds(15)).until(() -> fixture.state("own").state() == State.BROKEN);
        assertThat(fixture.state("own").running()).isTrue();
        assertThat(fixture.state("own").reason()).startsWith("kamelets/own-sink.kamelet.yaml:");
        Files.writeString(
                kamelets.resolve("own-sink.kamelet.yaml"),
                kamelet.replace("text: \"{{text}}\"", "text: \"edited {{text}}\""));

        List<String> said = new ArrayList<>();
        await().atMost(Duration.ofSeconds(15)).until(() -> {
            fixture.inbox.publish("koji", "1");
            said.clear();
            said.addAll(fixture.heard);
            return said.contains("edited plain|1");
        });
    }

    @Test
    void itsThreadEndsWithIt() throws IOException {
        watcher.close();

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("caravan-routes-watcher");
    }
}
