package dev.caravan.inbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Removes one person's payloads, and what was kept on the way of them, so that they cannot be read from the database's
 * files either. What makes a vendor's retry a duplicate stays: the idempotency key (its digest, where the key holds the
 * value itself) and the SHA-256 of the bytes.
 *
 * <p>Not promised: copies outside the inbox (backups, the destinations, a database's own archives). Thread-safe.
 */
public final class Forget {
    /** Events, or refused requests, of one commit. */
    private static final int BATCH = 50;

    private static final int TRIES = 20;
    private static final long BETWEEN_TRIES_MILLIS = 500;

    private final Database database;
    private final InboxWriter writer;
    private final InboxReader reader;

    Forget(Database database, InboxWriter writer, InboxReader reader) {
        this.database = database;
        this.writer = writer;
        this.reader = reader;
    }

    /**
     * Forgets a person. Blocks while it looks through all payloads, and up to 10 s for deliveries that run.
     *
     * @return what was removed; events with a delivery that still runs are left, and counted as running
     * @throws StorageException where the inbox cannot be read or written; what was done so far stays done
     * @throws InterruptedException where the thread is interrupted; what was done so far stays done
     */
    public ForgetCount person(PersonalValue person) throws InterruptedException {
        PersonSearch search = new PersonSearch(reader, person);
        ForgetCount all = refused(search.refused());
        ForgetKeys.of(person, reader, writer);
        for (int tries = 1; ; tries++) {
            ForgetCount round = events(search.events(), person);
            all = all.plus(new ForgetCount(round.events(), round.deliveries(), round.open(), 0, 0));
            if (round.running() == 0 || tries == TRIES) {
                if (!all.isNothing()) {
                    leaveNoTrace();
                }
                return all.plus(new ForgetCount(0, 0, 0, 0, round.running()));
            }
            TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES_MILLIS);
        }
    }

    private ForgetCount refused(List<String> ids) {
        ForgetCount all = ForgetCount.NOTHING;
        for (List<String> chunk : PersonSearch.chunks(ids, BATCH)) {
            long removed = Inbox.join(writer.submit(session -> drop(session, chunk)));
            all = all.plus(new ForgetCount(0, 0, 0, removed, 0));
        }
        return all;
    }

    private static long drop(WriteSession session, List<String> ids) throws SQLException {
        long dropped = 0;
        for (String id : ids) {
            dropped += QuarantineTable.drop(session, id) ? 1 : 0;
        }
        return dropped;
    }

    private ForgetCount events(List<String> ids, PersonalValue person) {
        ForgetCount all = ForgetCount.NOTHING;
        for (List<String> chunk : PersonSearch.chunks(ids, BATCH)) {
            all = all.plus(Inbox.join(writer.submit(new ForgetEvents(chunk, person))));
        }
        return all;
    }

    private void leaveNoTrace() throws InterruptedException {
        for (int tries = 1; ; tries++) {
            EmptyLog emptying = new EmptyLog(database);
            Inbox.join(writer.submit(emptying));
            if (emptying.done) {
                break;
            }
            if (tries == TRIES) {
                throw new StorageException("The payloads are removed, but the log beside " + database.name()
                        + " still holds their bytes, since something reads it: repeat this when it has ended.");
            }
            TimeUnit.MILLISECONDS.sleep(BETWEEN_TRIES_MILLIS);
        }
        try {
            database.vacuum();
        } catch (SQLException e) {
            throw new StorageException(
                    "The payloads are removed, but their room in " + database.name() + " is not freed: "
                            + e.getMessage(),
                    e);
        }
    }

    /** Changes nothing; when its transaction is over, the connection is free for what cannot be done in one. */
    private static final class EmptyLog implements InboxWriter.Write<Boolean> {
        private final Database database;
        private @Nullable Connection connection;
        private volatile boolean done;

        EmptyLog(Database database) {
            this.database = database;
        }

        @Override
        public Boolean apply(WriteSession session) {
            connection = session.connection();
            return true;
        }

        @Override
        public void committed(Boolean result) {
            Connection free = connection;
            if (free != null) {
                try {
                    done = database.emptyLog(free);
                } catch (SQLException e) {
                    throw new StorageException("The log of " + database.name() + " cannot be emptied.", e);
                }
            }
        }
    }
}
