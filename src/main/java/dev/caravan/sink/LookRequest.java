package dev.caravan.sink;

import java.time.Instant;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * Asks a sink that {@linkplain ShippedKamelets#canLook can look} whether the effect of this call is at its destination
 * already, instead of having it: the call with the same message and parameters, with the request as the exchange's
 * property {@link #PROPERTY}. Used for one call.
 */
public final class LookRequest {
    /** Exchange property: the request. */
    public static final String PROPERTY = "CaravanLook";

    private final Instant doubtSince;
    private volatile @Nullable Look answer;

    /** @param doubtSince when the attempt ended that may have had the effect, or began where its end is not known */
    public LookRequest(Instant doubtSince) {
        this.doubtSince = doubtSince;
    }

    static @Nullable LookRequest of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, LookRequest.class);
    }

    /** When the attempt ended that may have had the effect, or began where its end is not known. */
    public Instant doubtSince() {
        return doubtSince;
    }

    void answer(Look look) {
        answer = look;
    }

    /** What the sink saw, null where it was not reached. */
    public @Nullable Look answer() {
        return answer;
    }
}
