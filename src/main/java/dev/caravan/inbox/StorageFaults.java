package dev.caravan.inbox;

import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs that the database cannot be written, once in ten seconds for each cause, and that it can again. Used by one thread. */
final class StorageFaults {
    private static final Logger LOG = LoggerFactory.getLogger(StorageFaults.class);
    private static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final String database;
    private final Map<String, Long> told = new HashMap<>();
    private boolean lasting;

    StorageFaults(String database) {
        this.database = database;
    }

    /** Tells of a fault of the database as a whole. */
    void tell(SQLException fault) {
        lasting = true;
        if (isNews(cause(fault))) {
            LOG.error(
                    "The inbox {} cannot be written ({}); requests are answered 503 until it can.",
                    database,
                    firstLine(fault));
        }
    }

    /** Tells of a fault of one write, while others succeed. */
    void tellOfOne(SQLException fault) {
        if (isNews("one " + cause(fault))) {
            LOG.error("A write to the inbox {} failed and was undone: {}", database, firstLine(fault));
        }
    }

    private boolean isNews(String cause) {
        long now = System.nanoTime();
        told.values().removeIf(at -> now - at >= SILENCE_NANOS);
        return told.putIfAbsent(cause, now) == null;
    }

    /** PostgreSQL goes on with the row that it refused. */
    private static String firstLine(SQLException fault) {
        return String.valueOf(fault.getMessage()).lines().findFirst().orElse("");
    }

    /** Faults of one SQL state have one cause; drivers word them in several ways. */
    private static String cause(SQLException fault) {
        return fault.getSQLState() == null
                ? fault.getErrorCode() + ""
                : fault.getSQLState().substring(0, 2);
    }

    void ended() {
        if (lasting) {
            lasting = false;
            LOG.info("The inbox {} can be written again.", database);
        }
    }
}
