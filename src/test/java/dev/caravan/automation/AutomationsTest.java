package dev.caravan.automation;

import static dev.caravan.automation.AutomationFixture.saying;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.automation.AutomationState.State;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutomationsTest {
    private AutomationFixture fixture;

    @BeforeEach
    void open(@TempDir Path base) throws IOException {
        fixture = new AutomationFixture(base);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aRouteFileRunsAfterTheStart() throws IOException {
        fixture.write("a.yaml", saying("a", "hello"));
        fixture.start();

        fixture.inbox.publish("koji", "1");

        fixture.awaitHeard("hello|1");
        assertThat(fixture.state("a").state()).isEqualTo(State.ON);
        assertThat(fixture.inbox.log).containsExactly("subscribe a [koji] []");
    }

    @Test
    void anEditCounts() throws IOException {
        fixture.write("a.yaml", saying("a", "old"));
        fixture.write("b.yaml", saying("b", "other"));
        fixture.start();

        fixture.save("a.yaml", saying("a", "new"));
        fixture.inbox.publish("koji", "1");

        org.awaitility.Awaitility.await()
                .untilAsserted(() -> assertThat(fixture.heard).containsExactlyInAnyOrder("new|1", "other|1"));
    }
}
