package dev.caravan.sink.hubspot;

import dev.caravan.sink.FieldTemplates;
import dev.caravan.sink.TextLimit;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** The properties that a step sets. HubSpot takes all values as texts, of at most 65,536 characters. */
record HubspotProperties(FieldTemplates fields) {
    /** The longest value of a property. */
    static final int LONGEST = 65_536;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

    /** @throws IllegalArgumentException if a name is no property's */
    static HubspotProperties of(@Nullable String text, String kamelet, CamelContext camel) {
        FieldTemplates fields = FieldTemplates.of(text, kamelet, "properties", camel);
        fields.names().forEach(name -> checkName(name, kamelet, "properties"));
        return new HubspotProperties(fields);
    }

    /** @throws IllegalArgumentException if it is no property's internal name */
    static String checkName(String name, String kamelet, String parameter) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("The parameter " + parameter + " of " + kamelet + " names " + name
                    + ": give a property's internal name, of lower case letters, digits and _");
        }
        return name;
    }

    Map<String, String> of(Exchange exchange) {
        Map<String, String> properties = new LinkedHashMap<>();
        fields.row(exchange).forEach((name, value) -> properties.put(name, TextLimit.cut(text(value), LONGEST)));
        return properties;
    }

    private static String text(Object value) {
        boolean fraction = value instanceof Double || value instanceof Float || value instanceof BigDecimal;
        return fraction ? new BigDecimal(value.toString()).toPlainString() : value.toString();
    }
}
