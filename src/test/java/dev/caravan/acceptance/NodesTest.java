package dev.caravan.acceptance;

import static dev.caravan.acceptance.Workplace.toSlack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.Postgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Three nodes on one PostgreSQL: one is killed, one is paused for longer than its lease. */
@Timeout(400)
@DisabledOnOs(OS.WINDOWS)
class NodesTest {
    private static final int EVENTS = Integer.getInteger("caravan.test.events", 20_000);
    private static final int SENDERS = 12;
    private static final int VALUES = 200;

    @TempDir
    private Path directory;

    private final String url = Postgres.newDatabase();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger next = new AtomicInteger();
    private final List<Integer> ports = new CopyOnWriteArrayList<>();

    @Test
    void everyAcceptedEventIsDeliveredNoStepIsRecordedTwiceAndOrderIsKept() throws Exception {
        try (Workplace place = new Workplace(directory)) {
            place.set("caravan.inbox.url", url)
                    .set("caravan.delivery.lease", "4s")
                    .route("free", toSlack("free", "Free:"))
                    .route("ordered", toSlack("ordered", "Ordered:", "orderBy: \"${body[data][study_id]}\""));
            List<ChildNode> nodes = new ArrayList<>();
            ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
            try {
                for (int i = 0; i < 3; i++) {
                    nodes.add(ChildNode.start(directory));
                    ports.add(nodes.get(i).port());
                }
                watchSteps();
                for (int i = 0; i < SENDERS; i++) {
                    senders.execute(this::send);
                }
                awaitAcknowledged(EVENTS / 4);
                ports.remove(Integer.valueOf(nodes.get(0).port()));
                nodes.get(0).kill();
                awaitAcknowledged(EVENTS / 2);
                nodes.get(1).pause();
                await().atMost(Duration.ofSeconds(60)).until(() -> number("SELECT count(*) FROM node") == 1);
                nodes.get(1).resume();
                awaitAcknowledged(EVENTS);
                await().pollInterval(Duration.ofMillis(500))
                        .atMost(Duration.ofMinutes(3))
                        .untilAsserted(() -> assertThat(open()).isZero());
            } finally {
                senders.shutdownNow();
                nodes.forEach(ChildNode::close);
            }
            assertThat(number("SELECT count(*) FROM event")).isEqualTo(EVENTS);
            assertThat(number("SELECT count(*) FROM delivery WHERE state = 'succeeded'"))
                    .isEqualTo(2L * EVENTS);
            assertThat(number("SELECT count(*) FROM attempt WHERE outcome = 'interrupted'"))
                    .as("deliveries that were taken over")
                    .isPositive();
            assertThat(number("SELECT count(*) FROM (SELECT delivery_id, key FROM recorded_step"
                            + " GROUP BY delivery_id, key HAVING count(*) > 1) twice"))
                    .as("steps that were recorded twice")
                    .isZero();
            assertThat(number("""
                            SELECT count(*) FROM (
                              SELECT d.seq, lag(d.seq) OVER (PARTITION BY d.order_key ORDER BY r.n) AS before
                              FROM recorded_step r JOIN delivery d ON d.id = r.delivery_id
                              WHERE d.automation = 'ordered') o WHERE seq < before"""))
                    .as("steps that ran before one of the same value that had arrived earlier")
                    .isZero();
            assertThat(told(place, "Free:")).hasSize(EVENTS);
            assertThat(told(place, "Ordered:")).hasSize(EVENTS);
        }
    }

    private static Set<String> told(Workplace place, String label) {
        return place.slack().accepted().stream()
                .filter(text -> text.startsWith(label))
                .map(text -> text.substring(text.lastIndexOf(' ') + 1))
                .collect(Collectors.toCollection(HashSet::new));
    }

    /** Keeps what the inbox forgets once a delivery has succeeded: every record of a step, in their order. */
    private void watchSteps() throws SQLException {
        execute("""
                CREATE TABLE recorded_step (n BIGINT GENERATED ALWAYS AS IDENTITY, delivery_id TEXT, key TEXT);
                CREATE FUNCTION watch_step() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                  INSERT INTO recorded_step (delivery_id, key) VALUES (NEW.delivery_id, NEW.key);
                  RETURN NEW;
                END $$;
                CREATE TRIGGER watch AFTER INSERT OR UPDATE ON step FOR EACH ROW
                  WHEN (NEW.kind = 'finished') EXECUTE FUNCTION watch_step();""");
    }

    private void awaitAcknowledged(int count) {
        await().pollInterval(Duration.ofMillis(20))
                .atMost(Duration.ofMinutes(4))
                .until(() -> acknowledged.size() >= count);
    }

    /** Sends until all are answered 200, each again until it is, to whichever node there is, as a balancer does. */
    private void send() {
        for (int i = next.getAndIncrement(); i < EVENTS; i = next.getAndIncrement()) {
            String id = "int_" + i;
            String body = Vendor.interview(id, "study_" + i % VALUES, "Alex");
            for (int turn = i;
                    !acknowledged.contains(id) && !Thread.currentThread().isInterrupted();
                    turn++) {
                try {
                    Answer answer = new Web("http://127.0.0.1:" + ports.get(turn % ports.size()))
                            .patient(Duration.ofSeconds(5))
                            .koji(body);
                    if (answer.status() == 200) {
                        acknowledged.add(id);
                    }
                } catch (RuntimeException refused) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private long open() throws SQLException {
        return number("SELECT count(*) FROM delivery WHERE state NOT IN ('succeeded', 'dead')");
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
