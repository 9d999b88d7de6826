package dev.caravan.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.delivery.StepFailure;
import org.apache.camel.Exchange;

/** The event's bytes as they were received, for sinks that hand them on. */
public final class ReceivedPayload {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReceivedPayload() {}

    /**
     * What the exchange's property {@link HttpForwardSink#PAYLOAD} holds; without it the body, bytes as they are and
     * anything else as JSON.
     *
     * @throws StepFailure permanent, if there is no such property and the body cannot be written as JSON
     */
    public static byte[] of(Exchange exchange, String kamelet) {
        if (exchange.getProperty(HttpForwardSink.PAYLOAD) instanceof byte[] received) {
            return received;
        }
        Object body = exchange.getIn().getBody();
        try {
            return body instanceof byte[] bytes ? bytes : JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException notJson) {
            throw StepFailure.permanent(kamelet + ": the message's body cannot be written as JSON");
        }
    }
}
