package dev.caravan.sink;

import com.fasterxml.jackson.core.JacksonException;
import dev.caravan.delivery.StepFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionRequestTimeoutException;

/**
 * What a broken connection means: before the request was sent the effect did not happen and the failure passes,
 * afterwards it is unsure.
 */
final class TransportFailures {
    private TransportFailures() {}

    /** @param destination for the message: "the destination", "Slack" */
    static StepFailure of(IOException failure, String destination) {
        String kind = failure.getClass().getSimpleName();
        if (failure instanceof JacksonException) {
            return StepFailure.permanent("The step's data is not the JSON that it must be");
        }
        if (isBeforeSending(failure)) {
            return StepFailure.passing("No connection to " + destination + " (" + kind + ")", failure);
        }
        if (failure instanceof InterruptedIOException) {
            return StepFailure.unsure("No answer from " + destination + " in time (" + kind + ")", failure);
        }
        return StepFailure.unsure("The connection to " + destination + " broke (" + kind + ")", failure);
    }

    private static boolean isBeforeSending(IOException failure) {
        return failure instanceof ConnectException
                || failure instanceof UnknownHostException
                || failure instanceof NoRouteToHostException
                || failure instanceof ConnectTimeoutException
                || failure instanceof ConnectionRequestTimeoutException
                || failure instanceof SSLHandshakeException
                || failure instanceof SSLPeerUnverifiedException
                || isConnectTimeout(failure);
    }

    /** OkHttp has no type for it: only the text of the time-out tells connecting from reading. */
    private static boolean isConnectTimeout(IOException failure) {
        String message = failure.getMessage();
        return failure instanceof SocketTimeoutException
                && message != null
                && message.toLowerCase(Locale.ROOT).contains("connect");
    }
}
