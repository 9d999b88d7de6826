package dev.caravan.acceptance;

import dev.caravan.Postgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The databases that an inbox may be in, and a user's own table beside it. */
enum Store {
    SQLITE {
        @Override
        String url(Path directory, String name) {
            return "jdbc:sqlite:" + directory.resolve(name + ".db");
        }

        @Override
        String inbox(Workplace place) {
            return url(place.directory(), "data/caravan");
        }

        /** A trigger each for what is inserted and what is changed. */
        @Override
        List<String> countWrites() {
            return List.of(
                    "CREATE TRIGGER inserted AFTER INSERT ON interview BEGIN INSERT INTO written VALUES (new.id); END",
                    "CREATE TRIGGER updated AFTER UPDATE ON interview BEGIN INSERT INTO written VALUES (new.id); END");
        }
    },
    POSTGRESQL {
        @Override
        String url(Path directory, String name) {
            return Postgres.newDatabase();
        }

        @Override
        String inbox(Workplace place) {
            String url = Postgres.newDatabase();
            place.set("caravan.inbox.url", url);
            return url;
        }

        @Override
        List<String> countWrites() {
            return List.of(
                    "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS"
                            + " $$BEGIN INSERT INTO written VALUES (new.id); RETURN NULL; END$$",
                    "CREATE TRIGGER noted AFTER INSERT OR UPDATE ON interview FOR EACH ROW EXECUTE FUNCTION note()");
        }
    };

    /** The JDBC URL of a database that is not there yet. */
    abstract String url(Path directory, String name);

    /** Has the place keep its inbox here; the JDBC URL to look at it from outside. */
    abstract String inbox(Workplace place);

    abstract List<String> countWrites();

    /** A table {@code interview} whose every write leaves a row in {@code written}, so that a second one shows. */
    String newTable(Path directory) {
        String url = url(directory, "research");
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE interview (id TEXT PRIMARY KEY, name TEXT)");
            statement.execute("CREATE TABLE written (id TEXT)");
            for (String sql : countWrites()) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return url;
    }
}
