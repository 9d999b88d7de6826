package dev.caravan.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.StepFailure;
import java.lang.reflect.Constructor;
import java.lang.reflect.Modifier;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.spi.ClassResolver;
import org.jspecify.annotations.Nullable;

/**
 * A failure that a route caught, as a text, so that a later attempt fails in the same way and the route catches it again.
 * {@link StepFailure}, {@link SQLException} and {@link HttpOperationFailedException} come back with what a route may ask
 * of them; any other with its message and its causes, as its own class or, where that cannot be made of a message, as
 * the nearest of its superclasses that can.
 */
public final class CaughtFailure {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int CAUSES = 8;
    private static final int LONGEST_MESSAGE = 4_000;

    private CaughtFailure() {}

    /** The failure as a text. */
    public static String write(Throwable failure) {
        ArrayNode chain = JSON.createArrayNode();
        for (Throwable at = failure; at != null && chain.size() < CAUSES; at = at.getCause()) {
            ObjectNode one = chain.addObject();
            one.put("message", cut(at.getMessage()));
            ArrayNode classes = one.putArray("classes");
            for (Class<?> type = at.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
                classes.add(type.getName());
            }
            describe(one, at);
        }
        return chain.toString();
    }

    private static void describe(ObjectNode one, Throwable failure) {
        if (failure instanceof StepFailure step) {
            one.put("kind", step.kind().name()).put("status", step.httpStatus());
            step.retryAfter().ifPresent(wait -> one.put("retryAfter", wait.toMillis()));
            step.responseExcerpt().ifPresent(excerpt -> one.put("body", excerpt));
        } else if (failure instanceof SQLException sql) {
            one.put("state", sql.getSQLState()).put("code", sql.getErrorCode());
        } else if (failure instanceof HttpOperationFailedException http) {
            one.put("uri", http.getUri()).put("status", http.getStatusCode()).put("text", http.getStatusText());
            one.put("location", http.getRedirectLocation()).put("body", cut(http.getResponseBody()));
        }
    }

    private static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE);
    }

    /**
     * The failure that {@link #write} wrote.
     *
     * @param classes finds the failures' classes
     * @throws IllegalArgumentException if the text is none of those
     */
    public static Exception read(String text, ClassResolver classes) {
        try {
            JsonNode chain = JSON.readTree(text);
            Throwable cause = null;
            for (int at = chain.size() - 1; at >= 0; at--) {
                Throwable made = made(chain.get(at), classes);
                if (cause != null && made.getCause() == null) {
                    made = caused(made, cause);
                }
                cause = made;
            }
            return cause instanceof Exception failure ? failure : new IllegalStateException(cause);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The record of a step's failure is not JSON.", e);
        }
    }

    private static Throwable caused(Throwable failure, Throwable cause) {
        try {
            return failure.initCause(cause);
        } catch (IllegalStateException fixed) {
            failure.addSuppressed(cause);
            return failure;
        }
    }

    private static Throwable made(JsonNode one, ClassResolver classes) {
        String message = text(one, "message");
        if (one.has("kind")) {
            return StepFailure.ofBody(
                    StepFailure.Kind.valueOf(one.get("kind").asText()),
                    message == null ? "" : message,
                    one.path("status").asInt(),
                    one.has("retryAfter")
                            ? Duration.ofMillis(one.get("retryAfter").asLong())
                            : null,
                    text(one, "body"));
        }
        if (one.has("uri")) {
            return new HttpOperationFailedException(
                    text(one, "uri"),
                    one.path("status").asInt(),
                    text(one, "text"),
                    text(one, "location"),
                    Map.of(),
                    text(one, "body"));
        }
        for (JsonNode name : one.path("classes")) {
            Throwable made = made(classes.resolveClass(name.asText()), message);
            if (made != null) {
                return made;
            }
            if (name.asText().equals(SQLException.class.getName())) {
                return new SQLException(
                        message, text(one, "state"), one.path("code").asInt());
            }
        }
        return new IllegalStateException(message);
    }

    private static @Nullable String text(JsonNode one, String field) {
        JsonNode value = one.get(field);
        return value == null || value.isNull() ? null : value.asText();
    }

    /** Made of a message, as Camel's {@code throwException} does; null where the class cannot be. */
    private static @Nullable Throwable made(@Nullable Class<?> type, @Nullable String message) {
        if (type == null
                || type == SQLException.class
                || !Throwable.class.isAssignableFrom(type)
                || Modifier.isAbstract(type.getModifiers())) {
            return null;
        }
        try {
            Constructor<?> ofMessage = type.getConstructor(String.class);
            return (Throwable) ofMessage.newInstance(message);
        } catch (ReflectiveOperationException e) {
            return null;
        }
    }
}
