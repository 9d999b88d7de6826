package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Puts the digest in place of keys of {@code idempotentConsumer} that hold what is to be forgotten; they stay known. */
final class ForgetKeys implements InboxWriter.Write<Boolean> {
    private static final int PAGE = 500;

    /** A key, and the automation that has it. */
    record Key(String automation, String text) {}

    private final List<Key> keys;

    /** At most {@link #PAGE} keys. */
    private ForgetKeys(List<Key> keys) {
        this.keys = keys;
    }

    /** Looks through all keys. */
    static void of(PersonalValue person, InboxReader reader, InboxWriter writer) {
        Optional<Key> last = Optional.of(new Key("", ""));
        while (last.isPresent()) {
            List<Key> page = reader.query(
                    "SELECT automation, key FROM idempotency WHERE (automation, key) > (?, ?)"
                            + " ORDER BY automation, key LIMIT ?",
                    row -> new Key(row.getString(1), row.getString(2)),
                    last.get().automation(),
                    last.get().text(),
                    PAGE);
            List<Key> found =
                    page.stream().filter(key -> person.standsIn(key.text())).toList();
            if (!found.isEmpty()) {
                Inbox.join(writer.submit(new ForgetKeys(found)));
            }
            last = page.size() < PAGE ? Optional.empty() : Optional.of(page.get(page.size() - 1));
        }
    }

    @Override
    public Boolean apply(WriteSession session) throws SQLException {
        PreparedStatement update = session.prepare("UPDATE idempotency SET key = ? WHERE automation = ? AND key = ?");
        for (Key key : keys) {
            update.setString(1, Columns.digested(key.text()));
            update.setString(2, key.automation());
            update.setString(3, key.text());
            update.executeUpdate();
        }
        return true;
    }
}
