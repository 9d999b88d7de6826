package dev.caravan.sink.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.FieldTemplates;
import dev.caravan.sink.RichText;
import dev.caravan.sink.TextLimit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The parameter {@code fields}: custom fields and those of Jira's own fields that have no parameter of their own. A word in
 * parentheses after a custom field's name says what it takes if that is not a number or one line of text.
 *
 * @param forms by name as written
 */
record JiraFields(FieldTemplates templates, Map<String, Form> forms) {
    /** https://confluence.atlassian.com/adminjiraserver/advanced-field-configuration-938847307.html: of one line. */
    private static final int LONGEST_LINE = 255;

    private static final Pattern CUSTOM = Pattern.compile("(customfield_\\d+)(?: *\\((\\w+)\\))?");
    private static final Map<String, Kind> OWN = Map.of(
            "parent", Kind.KEY,
            "reporter", Kind.USER,
            "environment", Kind.PARAGRAPH,
            "components", Kind.NAMES,
            "fixVersions", Kind.NAMES,
            "versions", Kind.NAMES,
            "security", Kind.NAME);

    /** What a field takes. */
    enum Kind {
        VALUE,
        OPTION,
        OPTIONS,
        USER,
        PARAGRAPH,
        KEY,
        NAME,
        NAMES
    }

    /** @param field its name at Jira */
    record Form(String field, Kind kind) {}

    /** @throws IllegalArgumentException if a name is none of Jira's */
    static JiraFields of(@Nullable String text, CamelContext camel) {
        FieldTemplates templates = FieldTemplates.of(text, JiraIssueSink.KAMELET, "fields", camel);
        Map<String, Form> forms = new TreeMap<>();
        templates.names().forEach(name -> forms.put(name, form(name)));
        return new JiraFields(templates, Map.copyOf(forms));
    }

    private static Form form(String name) {
        Kind own = OWN.get(name);
        if (own != null) {
            return new Form(name, own);
        }
        Matcher custom = CUSTOM.matcher(name);
        if (custom.matches()) {
            String word = custom.group(2) == null ? "value" : custom.group(2).toLowerCase(Locale.ROOT);
            Kind kind = switch (word) {
                case "value" -> Kind.VALUE;
                case "option" -> Kind.OPTION;
                case "options" -> Kind.OPTIONS;
                case "user" -> Kind.USER;
                case "paragraph" -> Kind.PARAGRAPH;
                default -> null;
            };
            if (kind != null) {
                return new Form(custom.group(1), kind);
            }
        }
        throw new IllegalArgumentException("jira-issue-sink: the field " + name
                + " of the parameter fields is not known: give customfield_10010, with (option), (options), (user) or"
                + " (paragraph) where it needs one, or one of parent, reporter, environment, components, fixVersions,"
                + " versions, security");
    }

    /** Adds the fields that have a value. */
    void addTo(ObjectNode issue, JiraApi api, Exchange exchange) {
        templates.rowWithLists(exchange).forEach((name, value) -> {
            Form form = forms.get(name);
            if (form != null) {
                issue.set(form.field(), json(form.kind(), value, api));
            }
        });
    }

    private static JsonNode json(Kind kind, Object value, JiraApi api) {
        return switch (kind) {
            case VALUE -> value(value);
            case OPTION -> named("value", line(value));
            case OPTIONS -> all("value", value);
            case USER -> api.user(line(value));
            case PARAGRAPH -> api.richText(RichText.plain(text(value)));
            case KEY -> named("key", line(value));
            case NAME -> named("name", line(value));
            case NAMES -> all("name", value);
        };
    }

    private static JsonNode value(Object value) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (value instanceof List<?> list) {
            ArrayNode array = json.arrayNode();
            list.forEach(item -> array.add(line(item)));
            return array;
        }
        if (value instanceof Boolean flag) {
            return json.booleanNode(flag);
        }
        return value instanceof Number ? json.pojoNode(value) : json.textNode(line(value));
    }

    private static ObjectNode named(String name, String value) {
        return JsonNodeFactory.instance.objectNode().put(name, value);
    }

    private static ArrayNode all(String name, Object value) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        List<?> items = value instanceof List<?> list ? list : List.of(value);
        items.forEach(item -> array.add(named(name, line(item))));
        return array;
    }

    private static String text(Object value) {
        return value instanceof List<?> list
                ? String.join(", ", list.stream().map(String::valueOf).toList())
                : String.valueOf(value);
    }

    private static String line(Object value) {
        return TextLimit.cut(Escaping.HEADER.escape(text(value)), LONGEST_LINE);
    }
}
