package dev.caravan.dryrun;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that a step did, or would have done outside a dry run.
 *
 * @param place which step it was
 */
public record Effect(Place place, Instant at, What what) {

    /**
     * A step of a delivery; each part is empty where an effect came from no step, as from a route without events.
     *
     * @param automation the route's id
     * @param attempt of the delivery, from 1; 0 where there is none
     * @param pass counts the steps of this dry run as they begin, so that effects of one run of a step share it
     */
    public record Place(String eventId, String automation, String step, int attempt, long pass) {
        static final Place NOWHERE = new Place("", "", "", 0, 0);
    }

    /** What it was. */
    public sealed interface What permits Request, Row, Statement, Refusal {}

    /** An HTTP request. */
    public record Request(CapturedRequest request) implements What {}

    /**
     * A row written by key.
     *
     * @param table with the data source's name before it
     * @param key the names of the key columns, empty if unknown
     * @param values the row as it is in the database afterwards; in a dry run, which writes none, what would be written
     * @param change what became of it
     */
    public record Row(String table, List<String> key, Map<String, @Nullable Object> values, Change change, String sql)
            implements What {
        public Row {
            key = List.copyOf(key);
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }

        /** The values of the key columns. */
        public Map<String, @Nullable Object> keyValues() {
            Map<String, @Nullable Object> found = new LinkedHashMap<>();
            key.forEach(name -> found.put(name, values.get(name)));
            return found;
        }
    }

    /** What became of a row. */
    public enum Change {
        INSERTED,
        UPDATED,
        /** The statement failed, and the delivery says why. */
        FAILED,
        /** Shown only. */
        NOT_RUN
    }

    /**
     * A statement that a route wrote itself.
     *
     * @param values bound to it, by name
     * @param run whether it was run
     */
    public record Statement(String dataSource, String sql, Map<String, @Nullable Object> values, boolean run)
            implements What {
        public Statement {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }
    }

    /**
     * A step that was refused.
     *
     * @param sentence what and why
     */
    public record Refusal(String component, String sentence) implements What {}
}
