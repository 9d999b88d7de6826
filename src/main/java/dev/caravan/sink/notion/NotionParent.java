package dev.caravan.sink.notion;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where pages are made.
 *
 * @param id the UUID, as Notion's links or API show it
 */
record NotionParent(Kind kind, String id) {
    private static final Pattern ID = Pattern.compile("(?i)[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}");

    enum Kind {
        DATA_SOURCE,
        DATABASE,
        PAGE;

        String field() {
            return name().toLowerCase(Locale.ROOT) + "_id";
        }
    }

    /** @throws IllegalArgumentException unless exactly one is given, and is a UUID */
    static NotionParent of(@Nullable String dataSource, @Nullable String database, @Nullable String page) {
        if (dataSource != null && database == null && page == null) {
            return of(Kind.DATA_SOURCE, dataSource.strip(), "dataSourceId");
        }
        if (dataSource == null && database != null && page == null) {
            return of(Kind.DATABASE, database.strip(), "databaseId");
        }
        if (dataSource == null && database == null && page != null) {
            return of(Kind.PAGE, page.strip(), "pageId");
        }
        throw new IllegalArgumentException(
                "notion-page-sink needs exactly one of dataSourceId, databaseId and pageId: add or remove one");
    }

    private static NotionParent of(Kind kind, String id, String parameter) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("The parameter " + parameter + " is " + id
                    + ": give the 32 hexadecimal digits that Notion's link ends in, or the UUID");
        }
        return new NotionParent(kind, id);
    }

    /** Whether its pages have properties besides the title. */
    boolean hasProperties() {
        return kind != Kind.PAGE;
    }

    ObjectNode json() {
        return JsonNodeFactory.instance.objectNode().put("type", kind.field()).put(kind.field(), id);
    }
}
