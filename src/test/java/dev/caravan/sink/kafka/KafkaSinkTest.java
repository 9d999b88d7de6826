package dev.caravan.sink.kafka;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Budgets;
import dev.caravan.sink.Destinations;
import dev.caravan.sink.DownloadRules;
import dev.caravan.sink.Hostile;
import dev.caravan.sink.SinkRoutes;
import dev.caravan.sink.Sinks;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;

@Timeout(120)
class KafkaSinkTest {
    private static final byte[] RECEIVED = "{ \"b\" : 1,\r\n \"a\":\"é🚐\" }".getBytes(StandardCharsets.UTF_8);

    @TempDir
    static Path directory;

    private static KafkaBroker broker;

    private SinkRoutes routes = SinkRoutes.sending();
    private final Map<String, Object> parameters = new LinkedHashMap<>();

    @BeforeAll
    static void startBroker() throws Exception {
        broker = KafkaBroker.start(directory);
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @AfterEach
    void stop() {
        routes.close();
    }

    private KafkaSinkTest with(String name, Object value) {
        parameters.put(name, value);
        return this;
    }

    private KafkaSinkTest start() throws Exception {
        Map<String, Object> to = Map.of("id", "step", "uri", "kamelet:kafka-sink", "parameters", parameters);
        Map<String, Object> from = Map.of("uri", "direct:in", "steps", List.of(Map.of("to", to)));
        routes.load(new Dump(DumpSettings.builder().build())
                .dumpToString(List.of(Map.of("route", Map.of("id", "bench", "from", from)))));
        return this;
    }

    private Exchange event(String key, byte[] received) {
        return routes.camel.createProducerTemplate().request("direct:in", exchange -> {
            exchange.getIn().setBody(Map.of("a", key));
            exchange.getIn().setHeader("X-Koji-Signature", "sha256=00");
            exchange.setProperty("CaravanPayload", received);
            exchange.setVariable("eventId", "evt_1");
            exchange.setVariable("eventType", "interview.completed");
            exchange.setVariable("idempotencyKey", key);
            exchange.setVariable("deliveryId", "7");
        });
    }

    private static StepFailure failure(Exchange exchange) {
        assertThat(exchange.getException()).isInstanceOf(StepFailure.class);
        return exchange.getException(StepFailure.class);
    }

    @Test
    void theEventIsARecordWithItsKey() throws Exception {
        with("brokers", broker.open()).with("topic", "koji-events").start();
        assertThat(event("key-1", RECEIVED).getException()).isNull();
        assertThat(event("key-1", RECEIVED).getException()).isNull();
        List<ConsumerRecord<String, byte[]>> records = broker.records("koji-events");
        assertThat(records).hasSize(2);
        assertThat(records).extracting(ConsumerRecord::key).containsOnly("key-1");
        ConsumerRecord<String, byte[]> first = records.get(0);
        assertThat(first.value()).isEqualTo(RECEIVED);
        Map<String, String> headers = new LinkedHashMap<>();
        first.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        assertThat(headers).isEqualTo(Map.of("eventId", "evt_1", "eventType", "interview.completed"));
    }

    @Test
    void hostileKeysAndBodiesArrive() throws Exception {
        with("brokers", broker.open())
                .with("topic", "hostile")
                .with("key", "k ${body[a]}")
                .start();
        for (String hostile : Hostile.values()) {
            assertThat(event(hostile, hostile.getBytes(StandardCharsets.UTF_8)).getException())
                    .isNull();
        }
        List<ConsumerRecord<String, byte[]>> records = broker.records("hostile");
        assertThat(records)
                .extracting(ConsumerRecord::key)
                .containsExactlyElementsOf(Hostile.values().stream()
                        .map(hostile -> "k " + Hostile.withoutControls(hostile))
                        .toList());
        assertThat(records)
                .extracting(record -> new String(record.value(), StandardCharsets.UTF_8))
                .containsExactlyElementsOf(Hostile.values().stream()
                        .map(hostile -> new String(hostile.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                        .toList());
    }

    @Test
    void aUserLogsInAndNothingOfItIsInAnyUri() throws Exception {
        with("brokers", broker.guarded())
                .with("topic", "guarded")
                .with("security", "sasl_plaintext")
                .with("username", KafkaBroker.USER)
                .with("password", KafkaBroker.PASSWORD)
                .start();
        assertThat(event("key-1", RECEIVED).getException()).isNull();
        assertThat(broker.records("guarded")).hasSize(1);
        assertThat(routes.camel.getEndpoints())
                .extracting(endpoint -> endpoint.getEndpointUri() + endpoint)
                .noneMatch(uri -> uri.contains(KafkaBroker.PASSWORD)
                        || uri.contains(KafkaBroker.USER)
                        || uri.contains(broker.guarded()));
    }

    @Test
    void aWrongPasswordIsRefused() throws Exception {
        with("brokers", broker.guarded())
                .with("topic", "guarded")
                .with("security", "sasl_plaintext")
                .with("username", KafkaBroker.USER)
                .with("password", "wrong-one")
                .start();
        for (int attempt = 1; attempt < 3; attempt++) {
            StepFailure failure = failure(event("key-1", RECEIVED));
            assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PERMANENT);
            assertThat(failure).hasMessageContaining("SaslAuthentication").hasMessageNotContaining("wrong-one");
        }
    }

    @Test
    void aRecordThatIsTooLargeIsRefusedAndTheNextGoesOn() throws Exception {
        with("brokers", broker.open()).with("topic", "large").start();
        StepFailure failure = failure(event("key-1", new byte[2_000_000]));
        assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PERMANENT);
        assertThat(failure).hasMessageContaining("RecordTooLarge");
        assertThat(event("key-2", RECEIVED).getException()).isNull();
        assertThat(broker.records("large")).extracting(ConsumerRecord::key).containsExactly("key-2");
    }

    @ParameterizedTest
    @CsvSource({"localhost:1, TimeoutException", "no-such-host.invalid:9092, address"})
    void aBrokerThatIsNotThereIsTriedLater(String brokers, String told) throws Exception {
        with("brokers", brokers).with("topic", "koji-events").start();
        StepFailure failure = failure(event("key-1", RECEIVED));
        assertThat(failure.kind()).isEqualTo(StepFailure.Kind.PASSING);
        assertThat(failure).hasMessageContaining(told);
    }

    @Test
    void inDemoAndDryRunNoBrokerIsReached() throws Exception {
        WireMockServer capture = SinkRoutes.standIn();
        routes.close();
        routes = new SinkRoutes(new Sinks(
                SinkRoutes.CLOCK,
                Destinations.capturedAt(capture.port()),
                DownloadRules.none(),
                statement -> true,
                Budgets.none()));
        try {
            capture.stubFor(any(anyUrl()).willReturn(ok()));
            with("brokers", broker.open()).with("topic", "captured").start();
            assertThat(event("key é", RECEIVED).getException()).isNull();
            LoggedRequest request = capture.findAll(anyRequestedFor(anyUrl())).get(0);
            assertThat(request.getUrl()).isEqualTo("/~/http/" + broker.open() + "/kafka/captured");
            assertThat(request.getBody()).isEqualTo(RECEIVED);
            assertThat(request.getHeader("Kafka-Record-Key")).isEqualTo("key__");
        } finally {
            capture.stop();
        }
        assertThat(broker.records("captured")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "brokers, kafka",
        "topic, a b",
        "topic, ..",
        "security, tls",
        "security, sasl_ssl",
        "username, caravan",
        "saslMechanism, GSSAPI"
    })
    void aWrongParameterIsNamed(String name, String value) {
        with("brokers", "localhost:9092").with("topic", "t");
        if (name.equals("saslMechanism")) {
            with("security", "sasl_ssl").with("username", "u").with("password", "p");
        }
        with(name, value);
        assertThatThrownBy(this::start).rootCause().hasMessageContaining(name).hasMessageNotContaining("Exception");
    }
}
