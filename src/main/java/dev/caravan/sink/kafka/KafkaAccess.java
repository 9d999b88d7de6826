package dev.caravan.sink.kafka;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.component.kafka.KafkaConfiguration;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster is reached: {@code acks=all} and an idempotent producer, so that the client's own retries neither lose nor
 * repeat nor reorder a record, and every wait bounded.
 *
 * @param brokers {@code host:port}, comma-separated
 * @param protocol as Kafka names it
 * @param login null without SASL
 */
record KafkaAccess(
        String brokers, String protocol, @Nullable Login login) {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int REQUEST_MILLIS = 10_000;
    private static final int DELIVERY_MILLIS = 30_000;
    /** The broker's own limit is to count, not the client's. */
    private static final int LARGEST_REQUEST = 16 * 1024 * 1024;

    private static final Pattern BROKERS =
            Pattern.compile("[A-Za-z0-9._\\[\\]:-]+:\\d{1,5}(\\s*,\\s*[A-Za-z0-9._\\[\\]:-]+:\\d{1,5})*");
    private static final Map<String, String> PROTOCOLS =
            Map.of("none", "PLAINTEXT", "ssl", "SSL", "sasl_plaintext", "SASL_PLAINTEXT", "sasl_ssl", "SASL_SSL");
    private static final Map<String, String> MODULES = Map.of(
            "PLAIN", PlainLoginModule.class.getName(),
            "SCRAM-SHA-256", ScramLoginModule.class.getName(),
            "SCRAM-SHA-512", ScramLoginModule.class.getName());

    /** A SASL user. */
    record Login(String mechanism, String user, String password) {
        /** As JAAS has it, in quotes. */
        String jaas() {
            return MODULES.get(mechanism) + " required username=" + quoted(user) + " password=" + quoted(password)
                    + ";";
        }

        private static String quoted(String text) {
            return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
    }

    /** @throws IllegalArgumentException if one is wrong or they do not fit together; names the parameter */
    static KafkaAccess of(
            String brokers,
            @Nullable String security,
            @Nullable String mechanism,
            @Nullable String user,
            @Nullable String password) {
        if (!BROKERS.matcher(brokers.strip()).matches()) {
            throw new IllegalArgumentException(
                    "The parameter brokers is " + brokers + ": give host:port, several separated by commas");
        }
        String named = security == null ? "none" : security.strip().toLowerCase(Locale.ROOT);
        String protocol = PROTOCOLS.get(named);
        if (protocol == null) {
            throw new IllegalArgumentException(
                    "The parameter security is " + security + ": give it as none, ssl, sasl_plaintext or sasl_ssl");
        }
        Login login = protocol.startsWith("SASL") ? login(mechanism, user, password) : null;
        if (login == null && (user != null || password != null)) {
            throw new IllegalArgumentException("The parameter security is " + named
                    + ", which sends no username and password: give it as sasl_ssl, or remove them");
        }
        return new KafkaAccess(brokers.replaceAll("\\s+", ""), protocol, login);
    }

    private static Login login(@Nullable String mechanism, @Nullable String user, @Nullable String password) {
        String known = mechanism == null ? "PLAIN" : mechanism.strip().toUpperCase(Locale.ROOT);
        if (!MODULES.containsKey(known)) {
            throw new IllegalArgumentException("The parameter saslMechanism is " + mechanism
                    + ": give it as PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512");
        }
        if (user == null || password == null) {
            throw new IllegalArgumentException(
                    "kafka-sink needs the parameters username and password where security is SASL: add them");
        }
        return new Login(known, user.strip(), password);
    }

    void configure(KafkaConfiguration kafka) {
        kafka.setBrokers(brokers);
        kafka.setClientId("caravan");
        kafka.setSecurityProtocol(protocol);
        if (login != null) {
            kafka.setSaslMechanism(login.mechanism());
            kafka.setSaslJaasConfig(login.jaas());
        }
        kafka.setRequestRequiredAcks("all");
        kafka.setEnableIdempotence(true);
        kafka.setMaxBlockMs(CONNECT_MILLIS);
        kafka.setRequestTimeoutMs(REQUEST_MILLIS);
        kafka.setDeliveryTimeoutMs(DELIVERY_MILLIS);
        kafka.setMaxRequestSize(LARGEST_REQUEST);
        kafka.setKeySerializer(StringSerializer.class.getName());
        kafka.setValueSerializer(ByteArraySerializer.class.getName());
        kafka.setSynchronous(true);
    }

    /** The first of the brokers. */
    String first() {
        return brokers.split(",", 2)[0];
    }
}
