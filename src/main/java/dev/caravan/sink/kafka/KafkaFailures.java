package dev.caravan.sink.kafka;

import dev.caravan.delivery.StepFailure;
import java.util.Locale;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/** What an exception of Kafka's client means for the record. Its message is not told: it may quote configuration. */
final class KafkaFailures {
    private KafkaFailures() {}

    /** What it means, and whether the producer may not be used again. */
    record Meaning(StepFailure failure, boolean endsProducer) {}

    static Meaning of(Throwable thrown) {
        boolean ended = false;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            ended |= cause instanceof KafkaException || cause instanceof IllegalStateException;
            if (cause instanceof ApiException api) {
                return new Meaning(ofApi(api), !isAboutRecord(api));
            }
            if (cause instanceof SerializationException) {
                return new Meaning(StepFailure.permanent("The record cannot be written for Kafka", cause), false);
            }
            if (cause instanceof ConfigException config) {
                return new Meaning(ofConfig(config), true);
            }
            if (cause instanceof InterruptedException) {
                return new Meaning(StepFailure.unsure("Waiting for Kafka was given up", cause), false);
            }
        }
        return new Meaning(StepFailure.unsure("Kafka's client failed with " + name(thrown), thrown), ended);
    }

    private static StepFailure ofApi(ApiException failure) {
        if (isUnsent(failure)) {
            return StepFailure.passing(
                    "No connection to Kafka, or it has no such topic (" + name(failure) + ")", failure);
        }
        if (failure instanceof TimeoutException
                || failure instanceof NetworkException
                || failure instanceof DisconnectException
                || failure instanceof NotEnoughReplicasAfterAppendException) {
            return StepFailure.unsure("Kafka did not confirm the record in time (" + name(failure) + ")", failure);
        }
        if (failure instanceof RetriableException) {
            return StepFailure.passing("Kafka did not take the record (" + name(failure) + ")", failure);
        }
        if (isFinal(failure)) {
            return StepFailure.permanent("Kafka refused the record (" + name(failure) + ")", failure);
        }
        return StepFailure.unsure("Kafka failed with " + name(failure), failure);
    }

    /** A time-out before sending differs from one after it only in its words: "Topic … not present in metadata after …". */
    private static boolean isUnsent(ApiException failure) {
        String message = failure.getMessage();
        return failure instanceof BufferExhaustedException
                || (failure instanceof TimeoutException
                        && message != null
                        && message.toLowerCase(Locale.ROOT).contains("metadata"));
    }

    private static boolean isFinal(ApiException failure) {
        return failure instanceof AuthenticationException
                || failure instanceof AuthorizationException
                || failure instanceof UnsupportedVersionException
                || isRefusedRecord(failure);
    }

    private static boolean isRefusedRecord(ApiException failure) {
        return failure instanceof RecordTooLargeException
                || failure instanceof RecordBatchTooLargeException
                || failure instanceof InvalidTopicException;
    }

    private static boolean isAboutRecord(ApiException failure) {
        return isRefusedRecord(failure) || failure instanceof RetriableException;
    }

    private static StepFailure ofConfig(ConfigException failure) {
        String message = failure.getMessage();
        boolean unresolved = message != null && message.contains("resolvable");
        return unresolved
                ? StepFailure.passing("No broker of the parameter brokers has a known address", failure)
                : StepFailure.permanent("Kafka's client cannot be set up: check the parameters of kafka-sink", failure);
    }

    private static String name(Throwable failure) {
        return failure.getClass().getSimpleName();
    }
}
