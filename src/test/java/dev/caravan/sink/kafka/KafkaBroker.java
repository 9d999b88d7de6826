package dev.caravan.sink.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** A real broker of one node in this process (KRaft), open to all at one listener and to one SASL user at another. */
final class KafkaBroker implements AutoCloseable {
    static final String USER = "caravan";
    static final String PASSWORD = "p\"a\\s's; word";

    private final KafkaRaftServer server;
    private final int open;
    private final int guarded;

    private KafkaBroker(KafkaRaftServer server, int open, int guarded) {
        this.server = server;
        this.open = open;
        this.guarded = guarded;
    }

    static KafkaBroker start(Path directory) throws Exception {
        int[] ports = freePorts();
        String log = directory.resolve("log").toString();
        Formatter formatter = new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(1)
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(log)
                .addDirectory(log);
        formatter.run();
        KafkaRaftServer server = new KafkaRaftServer(KafkaConfig.fromProps(properties(log, ports), false), Time.SYSTEM);
        server.startup();
        return new KafkaBroker(server, ports[0], ports[1]);
    }

    private static int[] freePorts() throws IOException {
        try (ServerSocket one = port();
                ServerSocket two = port();
                ServerSocket three = port()) {
            return new int[] {one.getLocalPort(), two.getLocalPort(), three.getLocalPort()};
        }
    }

    private static ServerSocket port() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static Properties properties(String log, int[] ports) {
        Properties properties = new Properties();
        properties.putAll(Map.of(
                "process.roles", "broker,controller",
                "node.id", "1",
                "log.dirs", log,
                "controller.quorum.voters", "1@localhost:" + ports[2],
                "controller.listener.names", "CONTROLLER",
                "listeners",
                        "OPEN://localhost:" + ports[0] + ",GUARDED://localhost:" + ports[1] + ",CONTROLLER://localhost:"
                                + ports[2],
                "listener.security.protocol.map", "OPEN:PLAINTEXT,GUARDED:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "inter.broker.listener.name", "OPEN",
                "auto.create.topics.enable", "true",
                "offsets.topic.replication.factor", "1"));
        properties.put("sasl.enabled.mechanisms", "PLAIN");
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put(
                "listener.name.guarded.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_" + USER + "=\""
                        + PASSWORD.replace("\\", "\\\\").replace("\"", "\\\"") + "\";");
        return properties;
    }

    /** Where anybody may connect. */
    String open() {
        return "localhost:" + open;
    }

    /** Where a user has to log in (SASL_PLAINTEXT, PLAIN). */
    String guarded() {
        return "localhost:" + guarded;
    }

    /** What a topic holds, in the order in which it was written. */
    List<ConsumerRecord<String, byte[]>> records(String topic) {
        Map<String, Object> config = Map.of("bootstrap.servers", open());
        try (KafkaConsumer<String, byte[]> consumer =
                new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
            return records;
        }
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
