package dev.caravan.sink;

import dev.caravan.delivery.StepFailure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a database writes a row by its key. Each statement names its values {@code :?c1}, {@code :?c2}, … in the order of
 * the row's columns.
 */
enum UpsertDialect {
    /** SQLite and PostgreSQL. */
    ON_CONFLICT("\"") {
        @Override
        List<String> statements(String table, Collection<String> key, List<String> columns, @Nullable String newest) {
            String updates = each(others(key, columns), name -> quote(name) + " = excluded." + quote(name), ", ");
            String change = updates.isEmpty() ? "NOTHING" : "UPDATE SET " + updates + unlessNewer(newest);
            return List.of(insert(table, columns, newest == null ? null : EXISTING) + " ON CONFLICT ("
                    + each(key, this::quote, ", ") + ") DO " + change);
        }

        private String unlessNewer(@Nullable String newest) {
            if (newest == null) {
                return "";
            }
            String existing = quote(EXISTING) + "." + quote(newest);
            return " WHERE " + existing + " IS NULL OR " + existing + " <= excluded." + quote(newest);
        }
    },

    /** MySQL and MariaDB: the table's own unique keys decide, not the named ones. */
    ON_DUPLICATE_KEY("`") {
        @Override
        List<String> statements(String table, Collection<String> key, List<String> columns, @Nullable String newest) {
            List<String> others = new ArrayList<>(others(key, columns));
            if (newest != null && others.remove(newest)) {
                // MySQL assigns from left to right: the column that decides comes last.
                others.add(newest);
            }
            String updates =
                    each(others.isEmpty() ? key : others, name -> quote(name) + " = " + updated(name, newest), ", ");
            return List.of(insert(table, columns, null) + " ON DUPLICATE KEY UPDATE " + updates);
        }

        private String updated(String name, @Nullable String newest) {
            String value = "VALUES(" + quote(name) + ")";
            return newest == null
                    ? value
                    : "IF(" + quote(newest) + " IS NULL OR " + quote(newest) + " <= VALUES(" + quote(newest) + "), "
                            + value + ", " + quote(name) + ")";
        }
    },

    /** Any other: an update, and an insert where it found no row. */
    UPDATE_THEN_INSERT("\"") {
        @Override
        List<String> statements(String table, Collection<String> key, List<String> columns, @Nullable String newest) {
            if (newest != null) {
                throw StepFailure.permanent(
                        "The parameter newest of database-upsert-sink works with SQLite, PostgreSQL,"
                                + " MySQL and MariaDB only: leave it out");
            }
            List<String> statements = new ArrayList<>();
            List<String> others = others(key, columns);
            if (!others.isEmpty()) {
                statements.add("UPDATE " + quote(table) + " SET "
                        + each(others, name -> quote(name) + " = " + value(columns, name), ", ") + " WHERE "
                        + each(key, name -> quote(name) + " = " + value(columns, name), " AND "));
            }
            statements.add(insert(table, columns, null));
            return statements;
        }
    };

    private static final String EXISTING = "existing";

    private final String quote;

    UpsertDialect(String quote) {
        this.quote = quote;
    }

    /** @param product as the driver names the database, or the part of a JDBC URL that names it */
    static UpsertDialect of(String product) {
        String name = product.toLowerCase(Locale.ROOT);
        if (name.contains("sqlite") || name.contains("postgresql")) {
            return ON_CONFLICT;
        }
        return name.contains("mysql") || name.contains("mariadb") ? ON_DUPLICATE_KEY : UPDATE_THEN_INSERT;
    }

    /** The statements for a row that is always updated. */
    final List<String> statements(String table, Collection<String> key, List<String> columns) {
        return statements(table, key, columns, null);
    }

    /**
     * The statements, each to be run only if those before it changed no row.
     *
     * @param newest one of the columns: an existing row with a greater value there stays as it is
     * @throws StepFailure permanent, if {@code newest} is given and this database has no such statement
     */
    abstract List<String> statements(
            String table, Collection<String> key, List<String> columns, @Nullable String newest);

    /** A query for a row that has these values. */
    final String look(String table, List<String> columns) {
        return "SELECT 1 AS found FROM " + quote(table) + " WHERE "
                + each(columns, name -> quote(name) + " = " + value(columns, name), " AND ");
    }

    String quote(String name) {
        return Identifiers.quoted(name, quote);
    }

    String insert(String table, List<String> columns, @Nullable String alias) {
        String target = alias == null ? quote(table) : quote(table) + " AS " + quote(alias);
        return "INSERT INTO " + target + " (" + each(columns, this::quote, ", ") + ") VALUES ("
                + each(columns, name -> value(columns, name), ", ") + ")";
    }

    /** The named parameter of a column. */
    static String value(List<String> columns, String name) {
        return ":?" + parameter(columns.indexOf(name));
    }

    static String parameter(int index) {
        return "c" + (index + 1);
    }

    private static List<String> others(Collection<String> key, List<String> columns) {
        return columns.stream().filter(name -> !key.contains(name)).toList();
    }

    private static String each(Collection<String> names, UnaryOperator<String> text, String separator) {
        return names.stream().map(text).collect(Collectors.joining(separator));
    }
}
