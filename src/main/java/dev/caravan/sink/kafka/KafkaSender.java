package dev.caravan.sink.kafka;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Producer;
import org.apache.camel.component.kafka.KafkaComponent;
import org.apache.camel.component.kafka.KafkaConstants;
import org.apache.camel.component.kafka.KafkaEndpoint;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/**
 * Sends records to one topic through camel-kafka. Its producer is made for the first record, since making it asks for the
 * brokers' addresses, and made anew after a failure that ends it. Safe for use by several threads.
 */
final class KafkaSender implements AutoCloseable {
    /** Only a name: component and endpoint are this sender's own, so that no credential is part of a URI. */
    private static final String ENDPOINT = "kafka:kafka-sink";

    private final KafkaComponent component;
    private final Endpoint endpoint;
    private @Nullable Producer producer;

    private KafkaSender(KafkaComponent component, Endpoint endpoint) {
        this.component = component;
        this.endpoint = endpoint;
    }

    /** Connects to nothing. */
    static KafkaSender open(CamelContext camel, KafkaAccess access, String topic) throws Exception {
        KafkaComponent component = new KafkaComponent(camel);
        access.configure(component.getConfiguration());
        ServiceHelper.startService(component);
        KafkaEndpoint endpoint = (KafkaEndpoint) component.createEndpoint(ENDPOINT);
        endpoint.getConfiguration().setTopic(topic);
        ServiceHelper.startService(endpoint);
        return new KafkaSender(component, endpoint);
    }

    /**
     * Sends a record and waits until all replicas in sync have it.
     *
     * @throws dev.caravan.delivery.StepFailure if that is not known
     */
    void send(@Nullable String key, Map<String, String> headers, byte[] value) {
        Producer used = null;
        try {
            used = running();
            Exchange record = endpoint.createExchange(ExchangePattern.InOnly);
            headers.forEach(record.getIn()::setHeader);
            record.getIn().setHeader(KafkaConstants.KEY, key);
            record.getIn().setBody(value);
            used.process(record);
            Exception failed = record.getException();
            if (failed != null) {
                throw failed;
            }
        } catch (Exception failed) {
            KafkaFailures.Meaning meaning = KafkaFailures.of(failed);
            if (meaning.endsProducer()) {
                drop(used);
            }
            throw meaning.failure();
        }
    }

    private synchronized Producer running() throws Exception {
        Producer running = producer;
        if (running == null) {
            running = endpoint.createProducer();
            ServiceHelper.startService(running);
            producer = running;
        }
        return running;
    }

    private void drop(@Nullable Producer ended) {
        synchronized (this) {
            if (producer == ended) {
                producer = null;
            }
        }
        ServiceHelper.stopAndShutdownService(ended);
    }

    @Override
    public void close() {
        Producer last;
        synchronized (this) {
            last = producer;
            producer = null;
        }
        ServiceHelper.stopAndShutdownServices(last, endpoint, component);
    }
}
