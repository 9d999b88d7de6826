package dev.caravan.sink;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code json-pointer-action}: sets a variable to what JSON Pointers find in the body or in other variables,
 * with the type it has there, so that where a vendor puts a value can be a key of the configuration. Where nothing is
 * found the variable is removed. The body stays as it is.
 */
public final class JsonPointerAction extends SinkBean<JsonPointerAction.Wanted, JsonPointerAction.Wanted> {
    private static final String KAMELET = "json-pointer-action";
    private static final String BODY = "body";

    private @Nullable String pointer;
    private @Nullable String places;
    private @Nullable String variable;
    private @Nullable String as;

    /** In which shape the variable gets what was found. */
    enum Shape {
        /** As it stands there. */
        ANY,
        /** A list as it is but for its nulls, any other value as a list of one, nothing as an empty list. */
        LIST,
        /** What a person reads: a line for each item of a list or object, whose names lose their underscores. */
        TEXT
    }

    /**
     * What the step says.
     *
     * @param places {@code body} and names of variables, in the order in which they are searched
     */
    public record Wanted(JsonPointers pointers, List<String> places, String variable, Shape shape)
            implements AutoCloseable {
        @Override
        public void close() {
            // Nothing is held.
        }
    }

    public JsonPointerAction() {
        super(KAMELET);
    }

    public void setPointer(String value) {
        this.pointer = value;
    }

    public void setIn(String value) {
        this.places = value;
    }

    public void setVariable(String value) {
        this.variable = value;
    }

    public void setAs(String value) {
        this.as = value;
    }

    @Override
    protected Wanted read(CamelContext camel) {
        JsonPointers pointers = JsonPointers.of(required(pointer, "pointer"), KAMELET, "pointer");
        String in = Objects.requireNonNullElse(optional(places), BODY);
        List<String> searched = Arrays.stream(in.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        return new Wanted(pointers, searched, required(variable, "variable").strip(), shape());
    }

    private Shape shape() {
        String given = Objects.requireNonNullElse(optional(as), "any").strip();
        return Arrays.stream(Shape.values())
                .filter(shape -> shape.name().toLowerCase(Locale.ROOT).equals(given))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "The parameter as of " + KAMELET + " is \"" + given + "\": it must be any, list or text"));
    }

    @Override
    protected Wanted open(Wanted wanted, CamelContext camel) {
        return wanted;
    }

    @Override
    protected boolean onlyReads() {
        return true;
    }

    @Override
    protected void deliver(Wanted wanted, Exchange exchange) {
        Optional<Object> found = wanted.places().stream()
                .flatMap(place -> wanted.pointers().find(document(place, exchange)).stream())
                .findFirst();
        setVariable(exchange, wanted.variable(), shaped(found.orElse(null), wanted.shape()));
    }

    private static @Nullable Object document(String place, Exchange exchange) {
        return place.equals(BODY) ? exchange.getMessage().getBody() : exchange.getVariable(place);
    }

    private static @Nullable Object shaped(@Nullable Object found, Shape shape) {
        return switch (shape) {
            case ANY -> found;
            case LIST -> list(found);
            case TEXT -> found == null ? null : ReadableText.of(found);
        };
    }

    private static List<Object> list(@Nullable Object found) {
        List<Object> items = new ArrayList<>();
        if (found instanceof List<?> many) {
            many.stream().filter(Objects::nonNull).forEach(items::add);
        } else if (found != null) {
            items.add(found);
        }
        return items;
    }
}
