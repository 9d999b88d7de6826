package dev.caravan.sink.kafka;

import dev.caravan.sink.Account;
import dev.caravan.sink.DeliveryKey;
import dev.caravan.sink.Escaping;
import dev.caravan.sink.ReceivedPayload;
import dev.caravan.sink.SinkBean;
import dev.caravan.sink.Sinks;
import dev.caravan.sink.TextTemplate;
import dev.caravan.sink.VendorApi;
import dev.caravan.sink.VendorRequest;
import dev.caravan.sink.VendorRules;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * The bean of {@code kafka-sink}: the event as it was received, byte for byte, as a record of a topic. An attempt whose
 * record was not confirmed may have written it; the record's key is the same in the next, by which consumers can tell.
 */
public final class KafkaSink extends SinkBean<KafkaSink.Target, KafkaSink.Started> {
    private static final String KAMELET = "kafka-sink";
    private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");

    private @Nullable String brokers;
    private @Nullable String topic;
    private @Nullable String username;
    private @Nullable String password;
    private @Nullable String security;
    private @Nullable String saslMechanism;
    private @Nullable String key;

    /** What the step says. */
    record Target(KafkaAccess access, String topic, TextTemplate key) {}

    /** A record on its way. */
    private record Outgoing(String key, Map<String, String> headers, byte[] value) {}

    /** What it holds while it runs. */
    record Started(
            Target target,
            @Nullable KafkaSender sender,
            @Nullable VendorApi captured) implements AutoCloseable {
        @Override
        public void close() {
            if (sender != null) {
                sender.close();
            }
            if (captured != null) {
                captured.close();
            }
        }
    }

    public KafkaSink() {
        super(KAMELET);
    }

    public void setBrokers(String value) {
        this.brokers = value;
    }

    public void setTopic(String value) {
        this.topic = value;
    }

    public void setUsername(String value) {
        this.username = value;
    }

    public void setPassword(String value) {
        this.password = value;
    }

    public void setSecurity(String value) {
        this.security = value;
    }

    public void setSaslMechanism(String value) {
        this.saslMechanism = value;
    }

    public void setKey(String value) {
        this.key = value;
    }

    @Override
    protected Target read(CamelContext camel) {
        KafkaAccess access = KafkaAccess.of(
                required(brokers, "brokers"),
                optional(security),
                optional(saslMechanism),
                optional(username),
                optional(password));
        String name = required(topic, "topic").strip();
        if (!TOPIC.matcher(name).matches()) {
            throw new IllegalArgumentException("The parameter topic is " + name
                    + ": give a topic's name, of letters, digits, dots, underscores and hyphens");
        }
        String given = optional(key);
        return new Target(
                access,
                name,
                TextTemplate.of(given == null ? "${variable.idempotencyKey}" : given.strip(), Escaping.TEXT, camel));
    }

    @Override
    protected Started open(Target target, CamelContext camel) throws Exception {
        boolean captures = Sinks.of(camel).destinations().captures();
        return new Started(
                target,
                captures ? null : KafkaSender.open(camel, target.access(), target.topic()),
                captures ? VendorApi.open(camel, "Kafka", VendorRules.byStatus("Kafka")) : null);
    }

    @Override
    protected Optional<Account> account(Started running, Exchange exchange) {
        String cluster = "kafka://" + running.target().access().brokers();
        return Optional.of(Account.of(KAMELET, cluster, Optional.empty(), "kafka.invalid", cluster, 1));
    }

    @Override
    protected void deliver(Started running, Exchange exchange) {
        Outgoing made = record(running.target(), exchange);
        if (running.sender() != null) {
            running.sender().send(made.key(), made.headers(), made.value());
        } else if (running.captured() != null) {
            running.captured().call(captured(running.target(), made));
        }
    }

    private static Outgoing record(Target target, Exchange exchange) {
        String given = target.key().render(exchange);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String name : new String[] {"eventId", "eventType", "eventSource", "eventTime"}) {
            String value = exchange.getVariable(name, String.class);
            if (value != null) {
                headers.put(name, value);
            }
        }
        return new Outgoing(
                given.isEmpty() ? DeliveryKey.hash(exchange) : given, headers, ReceivedPayload.of(exchange, KAMELET));
    }

    /** Stands for the record in demo and dry run, which reach no broker: topic, key and value. */
    private static VendorRequest captured(Target target, Outgoing made) {
        String value = new String(made.value(), StandardCharsets.UTF_8);
        String url = "http://" + target.access().first() + "/kafka/" + target.topic();
        VendorRequest request = new VendorRequest("POST", url, Map.of(), "application/json", value);
        String key = made.key().replaceAll("[^\\x21-\\x7e]", "_");
        return request.with("Kafka-Record-Key", key);
    }
}
