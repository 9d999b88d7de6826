package dev.caravan.automation;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * What automations take from the configuration.
 *
 * @param placeholders resolves the placeholders in a text
 * @param sourceConfigured whether a source of that name exists
 * @param switches by id, what {@code caravan.automation.<id>.enabled} says
 * @param encode makes a parameter value of a shipped Kamelet safe for Camel's property and URI handling; the Kamelet
 *     decodes it
 */
public record RouteSettings(
        Placeholders placeholders,
        Predicate<String> sourceConfigured,
        Map<String, Boolean> switches,
        UnaryOperator<String> encode) {

    /** Resolves <code>{{key}}</code>, <code>{{key:default}}</code>, <code>{{env:X}}</code> and the like. */
    @FunctionalInterface
    public interface Placeholders {
        /**
         * Resolves every placeholder of a text.
         *
         * @param missing receives the name of each placeholder without a value
         * @return the text with values in place, empty where one is missing
         */
        Optional<String> resolve(String text, Set<String> missing);
    }
}
