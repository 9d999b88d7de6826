package dev.caravan.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.StepFailure;
import dev.caravan.delivery.StepFailure.Kind;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ExpressionEvaluationException;
import org.apache.camel.RuntimeCamelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailureClassifierTest {
    private final FailureClassifier classifier = new FailureClassifier(SinkRoutes.CLOCK);

    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new ConnectException("PRIVATE"), Kind.PASSING),
                Arguments.of(new UnknownHostException("PRIVATE"), Kind.PASSING),
                Arguments.of(new SSLHandshakeException("PRIVATE"), Kind.PASSING),
                Arguments.of(new SocketTimeoutException("Connect timed out"), Kind.PASSING),
                Arguments.of(new SocketTimeoutException("Read timed out"), Kind.UNSURE),
                Arguments.of(new SocketException("Connection reset PRIVATE"), Kind.UNSURE),
                Arguments.of(new EOFException("PRIVATE"), Kind.UNSURE),
                Arguments.of(new SQLException("PRIVATE", "40001"), Kind.PASSING),
                Arguments.of(new SQLException("PRIVATE", "23502"), Kind.PERMANENT),
                Arguments.of(new IllegalArgumentException("PRIVATE"), Kind.PERMANENT),
                Arguments.of(
                        new ExpressionEvaluationException(null, "PRIVATE", null, new NullPointerException("PRIVATE")),
                        Kind.PERMANENT),
                Arguments.of(new IllegalStateException("PRIVATE"), Kind.PASSING),
                Arguments.of(new OutOfMemoryError("PRIVATE"), Kind.PASSING));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void everyFailureHasAMeaningAndQuotesNothing(Throwable failure, Kind kind) {
        StepFailure direct = classifier.classify(failure);
        StepFailure wrapped =
                classifier.classify(new CamelExecutionException("x", null, new RuntimeCamelException(failure)));
        assertThat(direct.kind()).isEqualTo(kind);
        assertThat(wrapped.kind()).isEqualTo(kind);
        assertThat(direct.getMessage() + wrapped.getMessage()).doesNotContain("PRIVATE");
    }

    @Test
    void aStepFailureStaysItself() {
        StepFailure failure = StepFailure.unsure("x", null);
        assertThat(classifier.classify(new RuntimeCamelException(failure))).isSameAs(failure);
    }
}
