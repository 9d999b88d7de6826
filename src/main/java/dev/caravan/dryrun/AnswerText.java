package dev.caravan.dryrun;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fills the placeholders of one answer.
 *
 * @param number for ids, another for each answer
 * @param request the request's body, or the part of it that an {@code each:} stands at; null if it is not JSON
 */
record AnswerText(long number, Instant now, @Nullable JsonNode request) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-zA-Z.]+)}");
    private static final String EACH = "each:";

    /** @throws IllegalStateException if the value has no JSON form, which nothing read from YAML lacks */
    String json(Object value) {
        try {
            return JSON.writeValueAsString(filled(value));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("An answer of the dry run has no JSON form", impossible);
        }
    }

    String text(String template) {
        return PLACEHOLDER.matcher(template).replaceAll(found -> Matcher.quoteReplacement(value(found.group(1))));
    }

    private @Nullable Object filled(@Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            return map.size() == 1
                            && String.valueOf(map.keySet().iterator().next()).startsWith(EACH)
                    ? each(map)
                    : fields(map);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> items = new ArrayList<>();
            list.forEach(item -> items.add(filled(item)));
            return items;
        }
        return value instanceof String template ? text(template) : value;
    }

    private Map<String, @Nullable Object> fields(Map<?, ?> map) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        map.forEach((name, item) -> fields.put(String.valueOf(name), filled(item)));
        return fields;
    }

    private List<@Nullable Object> each(Map<?, ?> map) {
        Map.Entry<?, ?> only = map.entrySet().iterator().next();
        String path = String.valueOf(only.getKey()).substring(EACH.length());
        List<@Nullable Object> items = new ArrayList<>();
        if (request != null) {
            long index = 0;
            for (JsonNode item : path.isEmpty() ? request : request.path(path)) {
                items.add(new AnswerText(number + index++, now, item).filled(only.getValue()));
            }
        }
        return items;
    }

    private String value(String name) {
        return switch (name) {
            case "n" -> String.valueOf(number);
            case "time" -> now.toString();
            case "seconds" -> String.valueOf(now.getEpochSecond());
            case "millis" -> String.valueOf(now.toEpochMilli());
            default -> name.startsWith("request.") ? requested(name.substring("request.".length())) : "{" + name + "}";
        };
    }

    private String requested(String path) {
        return request == null ? "" : request.at("/" + path.replace('.', '/')).asText("");
    }
}
