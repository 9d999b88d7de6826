package dev.caravan.inbox;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;

/** The values by which deliveries are ordered. */
final class OrderTable {
    private OrderTable() {}

    static boolean put(WriteSession session, Map<String, String> valueByDelivery) throws SQLException {
        PreparedStatement update = session.prepare("UPDATE delivery SET order_key = ? WHERE id = ?");
        for (Map.Entry<String, String> value : valueByDelivery.entrySet()) {
            update.setString(1, Columns.key(value.getValue()));
            update.setString(2, value.getKey());
            update.executeUpdate();
        }
        return true;
    }

    static boolean clear(WriteSession session, String automation) throws SQLException {
        PreparedStatement update = session.prepare(
                "UPDATE delivery SET order_key = NULL WHERE automation = ? AND state IN ('pending', 'retrying')"
                        + " AND order_key IS NOT NULL");
        update.setString(1, automation);
        return update.executeUpdate() > 0;
    }
}
