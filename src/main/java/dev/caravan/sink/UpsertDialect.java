package dev.caravan.sink;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * How a database writes a row by its key. Each statement names its values {@code :?c1}, {@code :?c2}, … in the order of
 * the row's columns.
 */
enum UpsertDialect {
    /** SQLite and PostgreSQL. */
    ON_CONFLICT("\"") {
        @Override
        List<String> statements(String table, Collection<String> key, List<String> columns) {
            String updates = each(others(key, columns), name -> quote(name) + " = excluded." + quote(name), ", ");
            return List.of(insert(table, columns) + " ON CONFLICT (" + each(key, this::quote, ", ") + ") DO "
                    + (updates.isEmpty() ? "NOTHING" : "UPDATE SET " + updates));
        }
    },

    /** MySQL and MariaDB: the table's own unique keys decide, not the named ones. */
    ON_DUPLICATE_KEY("`") {
        @Override
        List<String> statements(String table, Collection<String> key, List<String> columns) {
            List<String> others = others(key, columns);
            String updates =
                    each(others.isEmpty() ? key : others, name -> quote(name) + " = VALUES(" + quote(name) + ")", ", ");
            return List.of(insert(table, columns) + " ON DUPLICATE KEY UPDATE " + updates);
        }
    },

    /** Any other: an update, and an insert where it found no row. */
    UPDATE_THEN_INSERT("\"") {
        @Override
        List<String> statements(String table, Collection<String> key, List<String> columns) {
            List<String> statements = new ArrayList<>();
            List<String> others = others(key, columns);
            if (!others.isEmpty()) {
                statements.add("UPDATE " + quote(table) + " SET "
                        + each(others, name -> quote(name) + " = " + value(columns, name), ", ") + " WHERE "
                        + each(key, name -> quote(name) + " = " + value(columns, name), " AND "));
            }
            statements.add(insert(table, columns));
            return statements;
        }
    };

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

    /** The statements, each to be run only if those before it changed no row. */
    abstract List<String> statements(String table, Collection<String> key, List<String> columns);

    String quote(String name) {
        return Identifiers.quoted(name, quote);
    }

    String insert(String table, List<String> columns) {
        return "INSERT INTO " + quote(table) + " (" + each(columns, this::quote, ", ") + ") VALUES ("
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
