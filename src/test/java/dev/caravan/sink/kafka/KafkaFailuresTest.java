package dev.caravan.sink.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.StepFailure;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaFailuresTest {
    static Stream<Arguments> failures() {
        StepFailure.Kind permanent = StepFailure.Kind.PERMANENT;
        StepFailure.Kind passing = StepFailure.Kind.PASSING;
        StepFailure.Kind unsure = StepFailure.Kind.UNSURE;
        return Stream.of(
                Arguments.of(new TimeoutException("Topic t not present in metadata after 5000 ms."), passing, false),
                Arguments.of(new TimeoutException("Expiring 1 record(s) for t-0: 30001 ms has passed"), unsure, false),
                Arguments.of(new NetworkException("secret"), unsure, false),
                Arguments.of(new NotEnoughReplicasAfterAppendException("secret"), unsure, false),
                Arguments.of(new BufferExhaustedException("secret"), passing, false),
                Arguments.of(new NotLeaderOrFollowerException("secret"), passing, false),
                Arguments.of(new NotEnoughReplicasException("secret"), passing, false),
                Arguments.of(new RecordTooLargeException("secret"), permanent, false),
                Arguments.of(new InvalidTopicException("secret"), permanent, false),
                Arguments.of(new SerializationException("secret"), permanent, false),
                Arguments.of(new TopicAuthorizationException("secret"), permanent, true),
                Arguments.of(new ClusterAuthorizationException("secret"), permanent, true),
                Arguments.of(new SaslAuthenticationException("secret"), permanent, true),
                Arguments.of(new OutOfOrderSequenceException("secret"), unsure, true),
                Arguments.of(new ConfigException("No resolvable bootstrap urls given"), passing, true),
                Arguments.of(new ConfigException("secret"), permanent, true),
                Arguments.of(new KafkaException("secret"), unsure, true));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void eachFailureHasItsMeaning(Exception thrown, StepFailure.Kind kind, boolean endsProducer) {
        KafkaFailures.Meaning meaning = KafkaFailures.of(new ExecutionException(thrown));
        assertThat(meaning.failure().kind()).isEqualTo(kind);
        assertThat(meaning.endsProducer()).isEqualTo(endsProducer);
        assertThat(meaning.failure()).hasMessageNotContaining("secret");
    }
}
