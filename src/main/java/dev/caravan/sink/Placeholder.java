package dev.caravan.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.delivery.StepFailure;
import java.math.BigDecimal;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.language.bean.RuntimeBeanExpressionException;
import org.jspecify.annotations.Nullable;

/** One <code>${…}</code> of a template: Camel's Simple expression, and how its value is written. */
record Placeholder(String source, Expression expression, Escaping escaping, String before)
        implements TextTemplate.Part {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Placeholder of(String source, Escaping escaping, String before, CamelContext context) {
        try {
            Expression expression = context.resolveLanguage("simple").createExpression(source);
            expression.init(context);
            return new Placeholder(source, expression, escaping, before);
        } catch (RuntimeException notSimple) {
            throw new IllegalArgumentException("The expression " + source + " is not Camel Simple", notSimple);
        }
    }

    /** The value's text, escaped; empty if there is none. */
    String text(Exchange exchange) {
        Object value = value(exchange);
        return value == null ? "" : escaping.escape(asText(value, exchange), before);
    }

    /**
     * The value with the type that the payload gave it, null if it is absent; maps and lists as JSON text.
     *
     * @throws StepFailure permanent, if the expression cannot be evaluated
     */
    @Nullable Object value(Exchange exchange) {
        Object value = evaluate(exchange);
        return isStructure(value) ? json(value) : value;
    }

    /**
     * The value with the type that the payload gave it, null if it is absent; JSON nodes as plain maps, lists and scalars.
     *
     * @throws StepFailure permanent, if the expression cannot be evaluated
     */
    @Nullable Object plain(Exchange exchange) {
        Object value = evaluate(exchange);
        return value instanceof JsonNode node ? JSON.convertValue(node, Object.class) : value;
    }

    private @Nullable Object evaluate(Exchange exchange) {
        try {
            return expression.evaluate(exchange, Object.class);
        } catch (RuntimeException failed) {
            if (isAbsent(failed)) {
                return null;
            }
            // The cause's message may quote the payload, so only its kind is told.
            throw StepFailure.permanent("The expression " + source + " cannot be evaluated ("
                    + root(failed).getClass().getSimpleName() + "): mend it in the route file");
        }
    }

    /** Camel 4.18 throws where a path leads through null or past the end of a list. */
    private static boolean isAbsent(Throwable failed) {
        for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
            if (cause instanceof IndexOutOfBoundsException) {
                return true;
            }
            String message = cause.getMessage();
            if (cause instanceof RuntimeBeanExpressionException
                    && message != null
                    && message.contains("due last method returned null")) {
                return true;
            }
        }
        return false;
    }

    private static Throwable root(Throwable failed) {
        Throwable cause =
                failed instanceof CamelExecutionException && failed.getCause() != null ? failed.getCause() : failed;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    static boolean isStructure(@Nullable Object value) {
        return value instanceof Map || value instanceof Iterable || value instanceof Object[];
    }

    static String json(@Nullable Object value) {
        if (value instanceof JsonNode node && node.isValueNode()) {
            return node.asText();
        }
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException notJson) {
            throw StepFailure.permanent("A value of the payload cannot be written as JSON");
        }
    }

    static String asText(Object value, Exchange exchange) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof Float || value instanceof Double) {
            return number(value.toString());
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        String text = exchange.getContext().getTypeConverter().tryConvertTo(String.class, exchange, value);
        return text == null ? value.toString() : text;
    }

    private static String number(String text) {
        try {
            return new BigDecimal(text).toPlainString();
        } catch (NumberFormatException infiniteOrNaN) {
            return "";
        }
    }
}
