package dev.caravan.acceptance;

import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/** What quarantine holds of a request, read from the database: a 401 does not wait until it is kept. */
record Kept(String source, String kind, String reason, String headers) {

    /** Found by the exact bytes of its body. */
    static Kept of(Workplace place, String body) {
        return Objects.requireNonNull(await().atMost(Duration.ofSeconds(5))
                .until(() -> find(place, body.getBytes(StandardCharsets.UTF_8)), Optional::isPresent)
                .orElse(null));
    }

    private static Optional<Kept> find(Workplace place, byte[] body) throws SQLException {
        try (Connection connection = place.database();
                PreparedStatement select = connection.prepareStatement(
                        "SELECT source, kind, reason, headers FROM quarantine WHERE body = ? ORDER BY seq DESC")) {
            select.setBytes(1, body);
            try (ResultSet row = select.executeQuery()) {
                return row.next()
                        ? Optional.of(new Kept(row.getString(1), row.getString(2), row.getString(3), row.getString(4)))
                        : Optional.empty();
            }
        }
    }
}
