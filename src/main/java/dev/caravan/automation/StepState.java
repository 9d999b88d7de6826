package dev.caravan.automation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.delivery.StepFailure;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        state.put("body", message.getBody());
        state.put("headers", message.getHeaders());
        Map<String, Object> kept = new HashMap<>(exchange.getVariables());
        kept.remove(ATTEMPT);
        state.put("variables", kept);
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

    private static StepFailure tooLarge(String step, String size, long limit) {
        return StepFailure.permanent("Step " + step + " is done, and what it left takes " + size
                + " bytes to store for a retry, which is more than caravan.delivery.step-state (" + limit
                + "): raise that, or let the step leave less.");
    }

    private boolean isUnchanged(Exchange exchange) {
        Message message = exchange.getMessage();
        Object now = message.getBody();
        boolean sameContent = content == null || content.equals(contentOf(now));
        return now == body
                && sameContent
                && headers.equals(new HashMap<>(message.getHeaders()))
                && variables.equals(exchange.getVariables());
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

    /** Puts a message as a finished step left it. */
    static void restore(Exchange exchange, String state) {
        if (state.equals(UNCHANGED)) {
            return;
        }
        Map<?, ?> read = (Map<?, ?>) TypedJson.read(state);
        Message message = exchange.getMessage();
        message.setBody(read == null ? null : read.get("body"));
        message.getHeaders().clear();
        texts(read, "headers").forEach(message::setHeader);
        Map<String, Object> variables = texts(read, "variables");
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
