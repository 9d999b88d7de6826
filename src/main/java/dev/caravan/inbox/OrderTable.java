package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/** The values by which deliveries are ordered. */
final class OrderTable {
    private static final String OPEN = "automation = ? AND order_key IS NOT NULL AND state IN ('pending', 'retrying')";

    private OrderTable() {}

    /** Puts the values of deliveries that have none; false where another process does something of the kind. */
    static boolean put(WriteSession session, String automation, Map<String, String> valueByDelivery)
            throws SQLException {
        if (!session.lockOrder(automation)) {
            return false;
        }
        PreparedStatement update =
                session.prepare("UPDATE delivery SET order_key = ? WHERE id = ? AND order_key IS NULL");
        for (Map.Entry<String, String> value : new TreeMap<>(valueByDelivery).entrySet()) {
            update.setString(1, Columns.key(value.getValue()));
            update.setString(2, value.getKey());
            update.executeUpdate();
        }
        return true;
    }

    /** Forgets up to {@code limit} values of open deliveries; true where none is left. */
    static boolean clear(WriteSession session, String automation, int limit) throws SQLException {
        if (!session.lockOrder(automation)) {
            return false;
        }
        PreparedStatement update = session.prepare("UPDATE delivery SET order_key = NULL WHERE seq IN (SELECT seq FROM"
                + " delivery WHERE " + OPEN + " ORDER BY seq LIMIT ?)");
        update.setString(1, automation);
        update.setInt(2, limit);
        return update.executeUpdate() < limit;
    }
}
