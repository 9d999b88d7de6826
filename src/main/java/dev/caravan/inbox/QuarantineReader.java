package dev.caravan.inbox;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the quarantine. Thread-safe; blocks for as long as a query takes. */
public final class QuarantineReader {
    private static final String SUMMARY = """
            SELECT id, source, kind, reason, received_at, last_at, count, length(body) AS body_bytes, address FROM quarantine""";

    private final InboxReader reader;

    QuarantineReader(InboxReader reader) {
        this.reader = reader;
    }

    /** The newest first, at most {@code limit}; all where that is 0. */
    public List<Quarantined.Summary> list(Optional<String> source, Optional<Refusal.Kind> kind, int limit) {
        InboxReader.Where where =
                new InboxReader.Where().and("source = ?", source).and("kind = ?", kind.map(Refusal.Kind::label));
        return reader.query(
                SUMMARY + where + " ORDER BY last_at DESC, seq DESC LIMIT ?",
                QuarantineReader::summary,
                where.with(InboxReader.orAll(limit)));
    }

    /** One with its requests and its body. */
    public Optional<Quarantined> find(String id) {
        return reader
                .query(
                        "SELECT q.*, length(q.body) AS body_bytes FROM quarantine q WHERE q.id = ?",
                        QuarantineReader::whole,
                        id)
                .stream()
                .findFirst();
    }

    /** The ids of what a source has in quarantine, in order of receipt. */
    public List<String> idsOf(String source) {
        return reader.query(
                "SELECT id FROM quarantine WHERE source = ? ORDER BY received_at, seq",
                row -> row.getString(1),
                source);
    }

    /** When secrets last matched, by their digests. */
    public Map<String, Instant> secretMatches() {
        record Match(String secret, Instant time) {}
        Map<String, Instant> matches = new TreeMap<>();
        reader.query(
                        "SELECT secret, matched_at FROM secret_match",
                        row -> new Match(row.getString(1), Instant.ofEpochMilli(row.getLong(2))))
                .forEach(match -> matches.put(match.secret(), match.time()));
        return matches;
    }

    /** The inbox's secret for keyed digests; empty where no node has run on it yet. */
    public Optional<byte[]> digestKey() {
        return reader.query("SELECT value FROM node_secret WHERE name = 'digest'", row -> row.getBytes(1)).stream()
                .findFirst();
    }

    private static Quarantined whole(ResultSet row) throws SQLException {
        List<Quarantined.Request> requests = new ArrayList<>();
        requests.add(QuarantineTable.first(row).request());
        QuarantineTable.later(row).forEach(later -> requests.add(later.request()));
        return new Quarantined(summary(row), List.copyOf(requests), row.getBytes("body"));
    }

    private static Quarantined.Summary summary(ResultSet row) throws SQLException {
        return new Quarantined.Summary(
                row.getString("id"),
                row.getString("source"),
                row.getString("kind"),
                row.getString("reason"),
                Instant.ofEpochMilli(row.getLong("received_at")),
                Instant.ofEpochMilli(row.getLong("last_at")),
                row.getLong("count"),
                row.getLong("body_bytes"),
                row.getString("address"));
    }
}
