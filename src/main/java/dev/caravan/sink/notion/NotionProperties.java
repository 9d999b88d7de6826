package dev.caravan.sink.notion;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.FieldTemplates;
import dev.caravan.sink.TextLimit;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/**
 * A page's properties. The type follows the value (a number, true or false as a checkbox, else text), unless the name ends
 * in one: {@code Score (number): …}.
 */
record NotionProperties(FieldTemplates fields) {
    private static final Pattern TYPED = Pattern.compile(
            "(.*\\S)\\s*\\((rich_text|number|checkbox|select|multi_select|status|date|url|email|phone_number|title)\\)");
    private static final int OPTION = 100;
    private static final int OPTIONS = 100;
    private static final int URL = 2_000;
    private static final int ADDRESS = 200;

    /** A property and its type; an empty type follows the value. */
    private record Name(String name, String type) {
        static Name of(String given) {
            Matcher typed = TYPED.matcher(given);
            return typed.matches() ? new Name(typed.group(1), typed.group(2)) : new Name(given, "");
        }
    }

    /** Whether the author names this property. */
    boolean has(String name) {
        return fields.names().stream().anyMatch(given -> Name.of(given).name().equals(name));
    }

    /** @throws StepFailure permanent, if a value is none of its type; names the property */
    void addTo(ObjectNode properties, Exchange exchange) {
        fields.rowWithLists(exchange).forEach((given, value) -> {
            Name name = Name.of(given);
            value(name, value).ifPresent(node -> properties.set(name.name(), node));
        });
    }

    /** Empty where nothing of the value is left to say. */
    private static Optional<ObjectNode> value(Name name, Object value) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        String text = value instanceof List<?> list ? joined(list) : value.toString();
        if (text.isBlank() && !name.type().isEmpty()) {
            return Optional.empty();
        }
        switch (name.type().isEmpty() ? typeOf(value) : name.type()) {
            case "number" -> node.put("number", number(name, value, text));
            case "checkbox" -> node.put("checkbox", isYes(text));
            case "select", "status" -> option(text).ifPresent(option -> node.set(name.type(), option));
            case "multi_select" -> node.set("multi_select", options(value, text));
            case "date" -> node.putObject("date").put("start", date(name, text));
            case "url" -> node.put("url", TextLimit.cut(text.strip(), URL));
            case "email" -> node.put("email", TextLimit.cut(text.strip(), ADDRESS));
            case "phone_number" -> node.put("phone_number", TextLimit.cut(text.strip(), ADDRESS));
            case "title" -> node.set("title", NotionText.plain(TextLimit.cut(text, NotionText.ITEM)));
            default -> node.set("rich_text", NotionText.plain(text));
        }
        return node.isEmpty() ? Optional.empty() : Optional.of(node);
    }

    private static String typeOf(Object value) {
        return value instanceof Number ? "number" : value instanceof Boolean ? "checkbox" : "rich_text";
    }

    private static String joined(List<?> list) {
        return String.join(", ", list.stream().map(String::valueOf).toList());
    }

    private static BigDecimal number(Name name, Object value, String text) {
        try {
            return new BigDecimal(value instanceof Boolean ? "" : text.strip());
        } catch (NumberFormatException none) {
            throw StepFailure.permanent(
                    "The Notion property " + name.name() + " has a value that is no number: mend it");
        }
    }

    private static boolean isYes(String text) {
        return List.of("true", "yes", "1").contains(text.strip().toLowerCase(Locale.ROOT));
    }

    private static String date(Name name, String text) {
        String date = text.strip();
        if (isDate(date)) {
            return date;
        }
        throw StepFailure.permanent(
                "The Notion property " + name.name() + " has a value that is no ISO 8601 date: mend it");
    }

    /** Milliseconds at most, as Notion keeps them, are not asked for: it cuts what is finer. */
    private static boolean isDate(String text) {
        try {
            if (text.indexOf('T') < 0) {
                return LocalDate.parse(text).isAfter(LocalDate.MIN);
            }
            boolean offset = text.endsWith("Z") || text.matches(".*[+-]\\d{2}:\\d{2}");
            LocalDateTime at = offset ? OffsetDateTime.parse(text).toLocalDateTime() : LocalDateTime.parse(text);
            return at.truncatedTo(ChronoUnit.SECONDS).getYear() > 0;
        } catch (DateTimeException none) {
            return false;
        }
    }

    /** A name without comma and line break, which Notion refuses in an option. */
    private static Optional<ObjectNode> option(String text) {
        String name = text.replace(',', ' ').replaceAll("\\s+", " ").strip();
        return name.isEmpty()
                ? Optional.empty()
                : Optional.of(JsonNodeFactory.instance.objectNode().put("name", TextLimit.cut(name, OPTION)));
    }

    private static ArrayNode options(Object value, String text) {
        List<String> names = new ArrayList<>();
        if (value instanceof List<?> list) {
            list.forEach(element -> names.add(String.valueOf(element)));
        } else {
            names.addAll(Arrays.asList(text.split(",", -1)));
        }
        ArrayNode options = JsonNodeFactory.instance.arrayNode();
        names.stream()
                .map(NotionProperties::option)
                .flatMap(Optional::stream)
                .distinct()
                .limit(OPTIONS)
                .forEach(options::add);
        return options;
    }
}
