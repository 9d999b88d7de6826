package dev.caravan.inbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** Reads an event from a row of its table. */
final class EventRow {
    private EventRow() {}

    static Event read(ResultSet row) throws SQLException {
        byte[] body = row.getBytes("body");
        return new Event(
                row.getString("id"),
                row.getString("source"),
                row.getString("type"),
                Columns.time(row, "event_time"),
                row.getString("idempotency_key"),
                Instant.ofEpochMilli(row.getLong("received_at")),
                Columns.texts(row.getString("headers")),
                body == null ? new byte[0] : body);
    }
}
