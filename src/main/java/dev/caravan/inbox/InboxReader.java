package dev.caravan.inbox;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads an inbox, also one that another process writes. Thread-safe; blocks for as long as a query takes. */
public final class InboxReader implements AutoCloseable {
    private static final int CONNECTIONS = 4;
    private static final long PATIENCE_MILLIS = 5_000;
    private static final String EVENTS = """
            SELECT id, source, type, event_time, received_at, idempotency_key, length(body) AS bytes, wanted_by, duplicates, differing, removed_at
            FROM event""";
    private static final String DELIVERIES = """
            SELECT d.id, d.event_id, e.source, e.type, d.automation, d.state, d.attempts, d.failures, d.due_at, d.updated_at, d.manual, d.generation,
              a.number, a.started_at, a.duration_ms, a.outcome, a.step, a.http_status, a.message, a.response_excerpt
            FROM delivery d JOIN event e ON e.id = d.event_id
            LEFT JOIN attempt a ON a.delivery_id = d.id
              AND a.number = (SELECT max(number) FROM attempt WHERE delivery_id = d.id)""";

    private final HikariDataSource pool;

    InboxReader(Database database) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("inbox-reader");
        config.setDataSource(database.readOnlySource());
        config.setMaximumPoolSize(CONNECTIONS);
        config.setMinimumIdle(0);
        config.setReadOnly(true);
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(PATIENCE_MILLIS);
        this.pool = new HikariDataSource(config);
    }

    /**
     * Opens the SQLite inbox of a data directory for reading only.
     *
     * @throws StorageException where there is none or it is damaged
     */
    public static InboxReader open(Path dataDirectory) {
        return open(InboxSettings.sqlite(dataDirectory));
    }

    /**
     * Opens an inbox for reading only.
     *
     * @throws StorageException where there is none, or it cannot be read
     */
    public static InboxReader open(InboxSettings settings) {
        Database database = settings.database();
        requireFile(database);
        requireReadable(database);
        return new InboxReader(database);
    }

    /** @throws StorageException where the database is a file that is not there */
    static void requireFile(Database database) {
        if (!database.isShared() && !Files.isRegularFile(Path.of(database.name()))) {
            throw new StorageException("There is no inbox at " + database.name()
                    + ": start Caravan once with this --dir, or name another.");
        }
    }

    /**
     * Looks at a SQLite file without changing it; one that is not there, or older, is fine.
     *
     * @throws StorageException where it was made by a newer version of Caravan, or cannot be read
     */
    public static void requireNotNewer(InboxSettings settings) {
        Database database = settings.database();
        if (database.isShared() || !Files.isRegularFile(Path.of(database.name()))) {
            return;
        }
        try (Connection connection = database.readOnlySource().getConnection()) {
            Migrations.requireNotNewer(database, connection);
        } catch (SQLException e) {
            throw new StorageException(
                    "The inbox " + database.name() + " cannot be read (" + e.getMessage()
                            + "): name another with --dir, or bring it back from a backup.",
                    e);
        }
    }

    /** The pool would try for 30 s. */
    private static void requireReadable(Database database) {
        try (Connection connection = database.readOnlySource().getConnection();
                PreparedStatement count = connection.prepareStatement("SELECT count(*) FROM node_secret")) {
            Migrations.requireCurrent(database, connection);
            count.executeQuery().close();
        } catch (SQLException e) {
            throw new StorageException(
                    "The inbox " + database.name() + " cannot be read (" + e.getMessage() + "): "
                            + (database.isShared()
                                    ? "is caravan.inbox.url right, and has a node run on it?"
                                    : "name another with --dir, or bring it back from a backup."),
                    e);
        }
    }

    /** The newest events first, at most {@code limit}; all where that is 0. */
    public List<EventSummary> events(Optional<String> source, Optional<String> type, int limit) {
        Where where = new Where().and("source = ?", source).and("type = ?", type);
        String sql = EVENTS + where + " ORDER BY seq DESC LIMIT ?";
        return query(sql, InboxReader::eventSummary, where.with(orAll(limit)));
    }

    /** One event with its bytes. */
    public Optional<Event> event(String id) {
        return query("SELECT * FROM event WHERE id = ?", EventRow::read, id).stream()
                .findFirst();
    }

    /** The id of the event of a source with an idempotency key. */
    public Optional<String> eventWith(String source, String idempotencyKey) {
        return query(
                        "SELECT id FROM event WHERE source = ? AND idempotency_key = ?",
                        row -> row.getString(1),
                        source,
                        Columns.key(idempotencyKey))
                .stream()
                .findFirst();
    }

    /** One event without its bytes. */
    public Optional<EventSummary> eventSummary(String id) {
        return query(EVENTS + " WHERE id = ?", InboxReader::eventSummary, id).stream()
                .findFirst();
    }

    /** The newest deliveries first, at most {@code limit}; all where that is 0. */
    public List<DeliverySummary> deliveries(Optional<DeliveryState> state, Optional<String> automation, int limit) {
        Where where =
                new Where().and("d.state = ?", state.map(DeliveryState::label)).and("d.automation = ?", automation);
        String sql = DELIVERIES + where + " ORDER BY d.seq DESC LIMIT ?";
        return query(sql, InboxReader::deliverySummary, where.with(orAll(limit)));
    }

    /** The deliveries of one event, in the order in which they were made. */
    public List<DeliverySummary> deliveriesOf(String eventId) {
        return query(DELIVERIES + " WHERE d.event_id = ? ORDER BY d.seq", InboxReader::deliverySummary, eventId);
    }

    public Optional<DeliverySummary> delivery(String id) {
        return query(DELIVERIES + " WHERE d.id = ?", InboxReader::deliverySummary, id).stream()
                .findFirst();
    }

    /** The attempts of one delivery, the first first. */
    public List<Settlement.Attempt> attemptsOf(String deliveryId) {
        return query("SELECT * FROM attempt WHERE delivery_id = ? ORDER BY number", InboxReader::attempt, deliveryId);
    }

    /** The steps that an attempt would not run again, of a delivery that has not succeeded: their states, by their keys. */
    public Map<String, String> steps(String deliveryId) {
        Map<String, String> steps = new TreeMap<>();
        stepRecords(deliveryId).stream()
                .filter(step -> step.kind() == StepRecord.Kind.FINISHED || step.kind() == StepRecord.Kind.FAILED)
                .forEach(step -> steps.put(step.key(), step.state()));
        return steps;
    }

    /** Open deliveries of an automation of which it is not known by which value they are ordered, oldest first. */
    public List<Unordered> unordered(String automation, int limit) {
        return query("""
                SELECT d.id AS delivery_id, e.* FROM delivery d JOIN event e ON e.id = d.event_id
                WHERE d.automation = ? AND d.order_key IS NULL AND d.state IN ('pending', 'retrying')
                ORDER BY d.seq LIMIT ?""", row -> new Unordered(row.getString("delivery_id"), EventRow.read(row)), automation, limit);
    }

    /** All that is known of the steps of a delivery that has not succeeded. */
    public List<StepRecord> stepRecords(String deliveryId) {
        return query(
                "SELECT key, kind, state, attempt FROM step WHERE delivery_id = ? ORDER BY key",
                row -> new StepRecord(
                        row.getString("key"),
                        StepRecord.Kind.ofLabel(row.getString("kind")),
                        row.getString("state"),
                        row.getInt("attempt")),
                deliveryId);
    }

    /** What forgetting a person would remove. Looks through all payloads. */
    public ForgetCount forgettable(PersonalValue person) {
        return new PersonSearch(this, person).count();
    }

    /** How many deliveries are in each state. */
    public Map<DeliveryState, Long> deliveryCounts() {
        record Count(DeliveryState state, long count) {}
        Map<DeliveryState, Long> counts = new TreeMap<>();
        query(
                        "SELECT state, count(*) FROM delivery GROUP BY state",
                        row -> new Count(DeliveryState.ofLabel(row.getString(1)).orElseThrow(), row.getLong(2)))
                .forEach(count -> counts.put(count.state(), count.count()));
        return counts;
    }

    /** How many events there are. */
    public long eventCount() {
        return query("SELECT count(*) FROM event", row -> row.getLong(1)).get(0);
    }

    /** How many requests of each kind are in quarantine, repeated ones counted as often as they came. */
    public Map<String, Long> quarantineCounts() {
        record Count(String kind, long count) {}
        Map<String, Long> counts = new TreeMap<>();
        query(
                        "SELECT kind, sum(count) FROM quarantine GROUP BY kind",
                        row -> new Count(row.getString(1), row.getLong(2)))
                .forEach(count -> counts.put(count.kind(), count.count()));
        return counts;
    }

    /** The requests in quarantine. */
    public QuarantineReader quarantine() {
        return new QuarantineReader(this);
    }

    @Override
    public void close() {
        pool.close();
    }

    static int orAll(int limit) {
        return limit == 0 ? Integer.MAX_VALUE : limit;
    }

    /** The conditions of a query that were asked for. */
    static final class Where {
        private final StringBuilder sql = new StringBuilder();
        private final List<Object> values = new ArrayList<>();

        Where and(String condition, Optional<String> value) {
            value.ifPresent(given -> {
                sql.append(values.isEmpty() ? " WHERE " : " AND ").append(condition);
                values.add(given);
            });
            return this;
        }

        Object[] with(Object last) {
            values.add(last);
            return values.toArray();
        }

        @Override
        public String toString() {
            return sql.toString();
        }
    }

    /** Reads one row of an answer. */
    interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** Runs a query of another part of the inbox. */
    <T> List<T> query(String sql, RowReader<T> reader, @Nullable Object... parameters) {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            List<T> rows = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(reader.read(row));
                }
            }
            return rows;
        } catch (SQLException e) {
            throw new StorageException("The inbox could not be read: " + e.getMessage(), e);
        }
    }

    private static EventSummary eventSummary(ResultSet row) throws SQLException {
        return new EventSummary(
                row.getString("id"),
                row.getString("source"),
                row.getString("type"),
                Columns.time(row, "event_time"),
                Instant.ofEpochMilli(row.getLong("received_at")),
                row.getString("idempotency_key"),
                row.getLong("bytes"),
                row.getInt("wanted_by"),
                row.getLong("duplicates"),
                row.getLong("differing"),
                Columns.time(row, "removed_at"));
    }

    private static DeliverySummary deliverySummary(ResultSet row) throws SQLException {
        DeliveryState state = DeliveryState.ofLabel(row.getString("state")).orElseThrow();
        boolean waits = state == DeliveryState.PENDING || state == DeliveryState.RETRYING;
        return new DeliverySummary(
                row.getString("id"),
                row.getString("event_id"),
                row.getString("source"),
                row.getString("type"),
                row.getString("automation"),
                state,
                row.getInt("attempts"),
                row.getInt("failures"),
                waits ? Columns.time(row, "due_at") : Optional.empty(),
                Instant.ofEpochMilli(row.getLong("updated_at")),
                row.getInt("manual") == 1,
                row.getInt("generation"),
                row.getObject("number") == null ? Optional.empty() : Optional.of(attempt(row)));
    }

    private static Settlement.Attempt attempt(ResultSet row) throws SQLException {
        int status = row.getInt("http_status");
        boolean answered = !row.wasNull();
        return new Settlement.Attempt(
                row.getInt("number"),
                Instant.ofEpochMilli(row.getLong("started_at")),
                Duration.ofMillis(row.getLong("duration_ms")),
                Settlement.Outcome.ofLabel(row.getString("outcome")),
                Optional.ofNullable(row.getString("step")),
                answered ? Optional.of(status) : Optional.empty(),
                Optional.ofNullable(row.getString("message")),
                Optional.ofNullable(row.getString("response_excerpt")));
    }
}
