package dev.caravan.automation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.delivery.StepFailure;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.jspecify.annotations.Nullable;

/**
 * Body, headers and variables as they are before a step, to tell and to store what the step makes of them. A change
 * within a body that is a Map or a List counts, unless that holds a value which cannot be stored; one within another
 * object, or within the value of a header or variable, does not.
 */
final class StepState {
    /** The state of a step that leaves the message as it is. */
    static final String UNCHANGED = "unchanged";

    /** Differs from attempt to attempt. */
    private static final String ATTEMPT = "attempt";

    /** The variables that the step set, by their names. */
    private static final String SET = "set";
    /** The names of those that it removed. */
    private static final String UNSET = "unset";
    /** All variables, in states that an earlier version stored. */
    private static final String ALL = "variables";

    private final @Nullable Object body;
    private final @Nullable JsonNode content;
    private final Map<String, Object> headers;
    private final Map<String, Object> variables;

    private StepState(Exchange exchange) {
        Message message = exchange.getMessage();
        this.body = message.getBody();
        this.content = contentOf(body);
        this.headers = new HashMap<>(message.getHeaders());
        this.variables = new HashMap<>(exchange.getVariables());
    }

    static StepState of(Exchange exchange) {
        return new StepState(exchange);
    }

    /**
     * The message as the step left it, as a text for {@link #restore}. A stream is read and put back.
     *
     * @param limit bytes at most
     * @throws StepFailure where it is larger, or holds a value that cannot be stored
     */
    String changeTo(Exchange exchange, String step, long limit) {
        if (isUnchanged(exchange)) {
            return UNCHANGED;
        }
        Message message = exchange.getMessage();
        StoredStream.rewindable(message, limit).ifPresent(size -> {
            throw tooLarge(step, size, limit);
        });
        Map<String, Object> state = new HashMap<>();
        if (!isKnown(body) || !isSameBody(message.getBody())) {
            state.put("body", message.getBody());
        }
        state.put("headers", message.getHeaders());
        state.put(SET, changedVariables(exchange));
        state.put(UNSET, removedVariables(exchange));
        String text;
        try {
            text = TypedJson.write(state);
        } catch (TypedJson.Unsupported e) {
            throw StepFailure.permanent("Step " + step + " is done, and what it left cannot be stored for a retry: "
                    + e.getMessage() + "; let the step leave a Map, List, text, number, byte[] or stream there.");
        }
        int size = text.getBytes(StandardCharsets.UTF_8).length;
        if (size > limit) {
            throw tooLarge(step, Integer.toString(size), limit);
        }
        return text;
    }

    /** Whether an earlier step, or the event, brings the same body before the step in each attempt. */
    private boolean isKnown(@Nullable Object before) {
        return content != null || before instanceof String || before instanceof Number || before instanceof Boolean;
    }

    private Map<String, Object> changedVariables(Exchange exchange) {
        Map<String, Object> changed = new HashMap<>();
        exchange.getVariables().forEach((name, value) -> {
            boolean same = variables.containsKey(name) && Objects.equals(variables.get(name), value);
            if (!same && !name.equals(ATTEMPT)) {
                changed.put(name, value);
            }
        });
        return changed;
    }

    private List<String> removedVariables(Exchange exchange) {
        return variables.keySet().stream()
                .filter(name -> !exchange.getVariables().containsKey(name))
                .sorted()
                .toList();
    }

    private static StepFailure tooLarge(String step, String size, long limit) {
        return StepFailure.permanent("Step " + step + " is done, and what it left takes " + size
                + " bytes to store for a retry, which is more than caravan.delivery.step-state (" + limit
                + "): raise that, or let the step leave less");
    }

    private boolean isUnchanged(Exchange exchange) {
        Message message = exchange.getMessage();
        return isSameBody(message.getBody())
                && headers.equals(new HashMap<>(message.getHeaders()))
                && variables.equals(exchange.getVariables());
    }

    private boolean isSameBody(@Nullable Object now) {
        return now == body && (content == null || content.equals(contentOf(now)));
    }

    private static @Nullable JsonNode contentOf(@Nullable Object body) {
        if (body instanceof Map<?, ?> || body instanceof List<?>) {
            try {
                return TypedJson.tree(body);
            } catch (TypedJson.Unsupported e) {
                return null;
            }
        }
        return null;
    }

    /** Puts a message as a finished step left it; what the step left alone is there already. */
    static void restore(Exchange exchange, String state) {
        if (state.equals(UNCHANGED)) {
            return;
        }
        Map<?, ?> read = (Map<?, ?>) TypedJson.read(state);
        Message message = exchange.getMessage();
        if (read == null || read.containsKey("body")) {
            message.setBody(read == null ? null : read.get("body"));
        }
        message.getHeaders().clear();
        texts(read, "headers").forEach(message::setHeader);
        if (read != null && read.containsKey(ALL)) {
            restoreAll(exchange, texts(read, ALL));
        }
        texts(read, SET).forEach(exchange::setVariable);
        if (read != null && read.get(UNSET) instanceof List<?> unset) {
            unset.forEach(name -> exchange.removeVariable(String.valueOf(name)));
        }
    }

    private static void restoreAll(Exchange exchange, Map<String, Object> variables) {
        for (String name : Set.copyOf(exchange.getVariables().keySet())) {
            if (!variables.containsKey(name) && !name.equals(ATTEMPT)) {
                exchange.removeVariable(name);
            }
        }
        variables.forEach(exchange::setVariable);
    }

    private static Map<String, Object> texts(@Nullable Map<?, ?> read, String part) {
        Map<String, Object> values = new HashMap<>();
        if (read != null && read.get(part) instanceof Map<?, ?> map) {
            map.forEach((name, value) -> values.put(String.valueOf(name), value));
        }
        return values;
    }
}
