package dev.caravan.acceptance;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A directory with one automation of three effects: a {@code row}, a {@code message} and a {@code call}; and what there
 * is to be seen of them from outside.
 */
final class ThreeSteps implements AutoCloseable {
    static final String AUTOMATION = "three";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final String ROUTE = """
            - route:
                id: three
                from:
                  uri: inbox:koji
                  parameters:
                    retry: "%s"
                  steps:
                    - to:
                        id: row
                        uri: kamelet:database-upsert-sink
                        parameters:
                          datasource: research
                          table: interview
                          key: id
                          columns: |
                            id: ${body[data][interview_id]}
                            name: ${body[data][participant][name]}
                    - to:
                        id: message
                        uri: kamelet:slack-message-sink
                        parameters:
                          webhookUrl: "{{slack.research.webhook-url}}"
                          text: "Done: ${body[data][interview_id]}"
                    - to:
                        id: call
                        uri: kamelet:http-forward-sink
                        parameters:
                          url: "%s"
            """;

    private final Workplace place;
    private final CallStandIn calls = new CallStandIn();
    private final String inbox;
    private final String table;

    /** {@code retry} are the route's waits. */
    ThreeSteps(Path directory, Store store, String retry) {
        place = new Workplace(directory);
        inbox = store.inbox(place);
        table = store.newTable(directory);
        place.set("caravan.datasource.research.url", table);
        place.route(AUTOMATION, ROUTE.formatted(retry, calls.url()));
    }

    Workplace place() {
        return place;
    }

    CallStandIn calls() {
        return calls;
    }

    /** How often each effect happened for an interview. */
    record Effects(int writes, int messages, int calls) {
        static final Effects ONCE = new Effects(1, 1, 1);
    }

    Effects effects(String interview) {
        String text = "Done: " + interview;
        return new Effects(
                ask(table, "SELECT id FROM written WHERE id = ?", interview).size(),
                (int) place.slack().accepted().stream().filter(text::equals).count(),
                calls.taken(interview));
    }

    /** The ids of the finished steps of an interview's delivery that are on record; a key goes on with what the step does. */
    List<String> recorded(String interview) {
        return ask(inbox, """
                SELECT step.key FROM step JOIN delivery ON delivery.id = step.delivery_id
                JOIN event ON event.id = delivery.event_id WHERE step.kind = 'finished' AND event.idempotency_key LIKE ?""", "%" + interview).stream()
                .map(key -> key.replaceFirst("~.*", ""))
                .toList();
    }

    /** The states of an interview's deliveries. */
    List<String> states(String interview) {
        return ask(inbox, """
                SELECT delivery.state FROM delivery JOIN event ON event.id = delivery.event_id
                WHERE event.idempotency_key LIKE ?""", "%" + interview);
    }

    void awaitRecorded(String interview, String step) {
        await().atMost(PATIENCE).until(() -> recorded(interview).contains(step));
    }

    void awaitSucceeded(String interview) {
        await().atMost(PATIENCE).until(() -> states(interview), List.of("succeeded")::equals);
    }

    /** How many rows of the inbox the query finds, which has one parameter. */
    List<String> ask(String sql, String parameter) {
        return ask(inbox, sql, parameter);
    }

    private static List<String> ask(String url, String sql, String parameter) {
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, parameter);
            List<String> found = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(row.getString(1));
                }
            }
            return found;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        place.close();
        calls.close();
    }
}
