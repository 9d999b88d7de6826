package dev.caravan.sink;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names of tables and columns: they come from route files only, and are checked and quoted all the same. */
final class Identifiers {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private Identifiers() {}

    /** @throws IllegalArgumentException if it is not letters, digits and underscores */
    static String checkColumn(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "The column \"" + name + "\" is not a name: use letters, digits and underscores");
        }
        return name;
    }

    /** @throws IllegalArgumentException unless it is {@code table} or {@code schema.table} */
    static String checkTable(String name) {
        List<String> parts = Arrays.asList(name.split("\\.", -1));
        if (parts.size() > 3
                || !parts.stream().allMatch(part -> NAME.matcher(part).matches())) {
            throw new IllegalArgumentException(
                    "The table \"" + name + "\" is not a name: use letters, digits and underscores, or schema.table");
        }
        return name;
    }

    static String quoted(String name, String quote) {
        return Arrays.stream(name.split("\\.", -1))
                .map(part -> quote + part + quote)
                .collect(Collectors.joining("."));
    }
}
