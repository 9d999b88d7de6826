package dev.caravan.sink.mailchimp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caravan.sink.FieldTemplates;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** The merge fields of a member: texts of at most 255 bytes, cut beyond, and numbers. Safe for use by several threads. */
record MergeFields(FieldTemplates fields) {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Pattern TAG = Pattern.compile("[A-Z][A-Z0-9_]{0,9}");
    private static final int LONGEST_BYTES = 255;

    /** @throws IllegalArgumentException if a line is no field, or its name no merge tag */
    static MergeFields of(@Nullable String text, String kamelet, CamelContext camel) {
        FieldTemplates fields = FieldTemplates.of(text, kamelet, "mergeFields", camel);
        for (String name : fields.names()) {
            if (!TAG.matcher(name).matches()) {
                throw new IllegalArgumentException(kamelet + ": " + name
                        + " in the parameter mergeFields is no merge tag: give the audience's, at most ten capital"
                        + " letters, digits and underscores");
            }
        }
        return new MergeFields(fields);
    }

    /** The values that there are; empty if there is none. */
    JsonNode render(Exchange exchange) {
        Map<String, Object> values = new LinkedHashMap<>();
        fields.row(exchange)
                .forEach((name, value) -> values.put(name, value instanceof Number ? value : cut(value.toString())));
        return JSON.valueToTree(values);
    }

    private static String cut(String text) {
        int bytes = 0;
        int end = 0;
        while (end < text.length()) {
            String character = Character.toString(text.codePointAt(end));
            bytes += character.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > LONGEST_BYTES) {
                return text.substring(0, end);
            }
            end += character.length();
        }
        return text;
    }
}
