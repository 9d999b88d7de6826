package dev.caravan.automation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.Postgres;
import dev.caravan.delivery.StepFailure;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.sink.Budgets;
import dev.caravan.sink.DataSources;
import dev.caravan.sink.Destinations;
import dev.caravan.sink.DownloadRules;
import dev.caravan.sink.Sinks;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database step whose row may have been written: its sink looks before the step runs again. */
class LookBackTest {
    @TempDir
    private Path base;

    private final AtomicInteger writes = new AtomicInteger();
    private volatile Effect first = () -> {};
    private DurableFixture fixture;
    private DataSources sources;

    /** What happens when the step writes for the first time. */
    private interface Effect {
        void run() throws SQLException;
    }

    @BeforeEach
    void open() throws Exception {
        fixture = new DurableFixture(base);
        sources = DataSources.open(
                base, List.of(new DataSources.Definition("pg", Postgres.newDatabase(), "postgres", null, 2)));
        sources.bind(fixture.context.getRegistry());
        fixture.context
                .getRegistry()
                .bind(
                        "sinks",
                        new Sinks(
                                Clock.systemUTC(),
                                Destinations.real(),
                                DownloadRules.none(),
                                statement -> write(),
                                Budgets.none()));
    }

    @AfterEach
    void close() {
        fixture.close();
        sources.close();
    }

    private boolean write() {
        if (writes.getAndIncrement() == 0) {
            try {
                first.run();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
        return true;
    }

    private void execute(String dataSource, String sql) throws SQLException {
        try (Connection connection = sources.named(dataSource).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private DurableFixture send(String dataSource) throws Exception {
        execute(dataSource, "CREATE TABLE answers (id TEXT PRIMARY KEY, score INTEGER, note TEXT)");
        return fixture.start(DurableFixture.route("""
                        - to:
                            id: row
                            uri: kamelet:database-upsert-sink
                            parameters:
                              datasource: %s
                              table: answers
                              key: id
                              columns: {id: "${body[id]}", score: "${body[score]}", note: "${body[note]}"}
                        """.formatted(dataSource)))
                .send("{\"id\":\"i1\",\"score\":7,\"note\":\"a'b\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"results", "pg"})
    void aRowThatIsThereIsNotWrittenAgain(String dataSource) throws Exception {
        first = () -> fixture.execute("""
                CREATE TRIGGER once BEFORE INSERT ON step WHEN NEW.kind = 'finished' AND NEW.attempt = 1
                BEGIN SELECT RAISE(ABORT, 'no'); END""");
        send(dataSource).await(DeliveryState.SUCCEEDED);

        assertThat(writes).hasValue(1);
        assertThat(fixture.messages())
                .containsExactly(
                        "The step is done, and the inbox could not record that.",
                        "Step row was unsure after attempt 1 and was found done.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"results", "pg"})
    void aRowThatIsNotThereIsWritten(String dataSource) throws Exception {
        first = () -> {
            throw StepFailure.unsure("The connection broke", null);
        };
        send(dataSource).await(DeliveryState.SUCCEEDED);

        assertThat(writes).hasValue(2);
        assertThat(fixture.messages())
                .last()
                .isEqualTo("Step row was unsure after attempt 1 and was not found done, so it ran.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"results", "pg"})
    void whereTheLookFailsTheStepDoesNotRunAndIsLookedForAgain(String dataSource) throws Exception {
        first = () -> {
            execute(dataSource, "ALTER TABLE answers RENAME TO hidden");
            throw StepFailure.unsure("The connection broke", null);
        };
        send(dataSource).await(DeliveryState.DEAD);
        assertThat(writes).hasValue(1);
        assertThat(fixture.delivery().attempts()).isEqualTo(4);
        assertThat(fixture.messages())
                .last()
                .asString()
                .startsWith("Step row was unsure after attempt 1 and its destination could not tell: Table answers");

        execute(dataSource, "ALTER TABLE hidden RENAME TO answers");
        fixture.replay();
        fixture.await(DeliveryState.SUCCEEDED);

        assertThat(writes).hasValue(2);
        assertThat(fixture.messages())
                .last()
                .isEqualTo("Step row was unsure after attempt 1 and was not found done, so it ran.");
    }
}
