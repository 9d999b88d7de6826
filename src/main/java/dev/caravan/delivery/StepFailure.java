package dev.caravan.delivery;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a step did not work, in terms of what may be done about it. Thrown by sinks, which know their destination; the
 * message is one sentence and holds neither payload nor secret.
 */
public final class StepFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int EXCERPT_LIMIT = 1_000;

    /** What is known of the effect. */
    public enum Kind {
        /** It did not happen, and the same request cannot succeed later. */
        PERMANENT,
        /** It did not happen, and the same request may succeed later. */
        PASSING,
        /** It may have happened: the request was sent and its result is not known. */
        UNSURE
    }

    private final Kind kind;
    private final int httpStatus;
    private final @Nullable Duration retryAfter;
    private final @Nullable String responseExcerpt;
    private final boolean limited;

    private StepFailure(
            Kind kind,
            String message,
            int httpStatus,
            @Nullable Duration retryAfter,
            @Nullable String responseExcerpt,
            @Nullable Throwable cause) {
        this(kind, message, httpStatus, retryAfter, responseExcerpt, cause, httpStatus == 429);
    }

    private StepFailure(
            Kind kind,
            String message,
            int httpStatus,
            @Nullable Duration retryAfter,
            @Nullable String responseExcerpt,
            @Nullable Throwable cause,
            boolean limited) {
        super(message, cause);
        this.kind = kind;
        this.limited = limited;
        this.httpStatus = httpStatus;
        this.retryAfter = retryAfter;
        this.responseExcerpt = excerpt(responseExcerpt);
    }

    public static StepFailure permanent(String message) {
        return new StepFailure(Kind.PERMANENT, message, 0, null, null, null);
    }

    public static StepFailure permanent(String message, Throwable cause) {
        return new StepFailure(Kind.PERMANENT, message, 0, null, null, cause);
    }

    public static StepFailure passing(String message, @Nullable Throwable cause) {
        return new StepFailure(Kind.PASSING, message, 0, null, null, cause);
    }

    public static StepFailure unsure(String message, @Nullable Throwable cause) {
        return new StepFailure(Kind.UNSURE, message, 0, null, null, cause);
    }

    /**
     * The failure that an HTTP status means where the vendor says nothing else: 408, 425, 429 and 503 pass, any other
     * 5xx leaves the effect unsure, the rest is permanent.
     *
     * @param retryAfter what the vendor asked to wait, if it did
     * @param responseBody kept as an excerpt for the attempt, never logged
     */
    public static StepFailure ofStatus(
            String message, int httpStatus, @Nullable Duration retryAfter, @Nullable String responseBody) {
        return new StepFailure(kindOf(httpStatus), message, httpStatus, retryAfter, responseBody, null);
    }

    /** A failure that the vendor's body tells although the status does not, with a kind of the sink's choosing. */
    public static StepFailure ofBody(
            Kind kind, String message, int httpStatus, @Nullable Duration retryAfter, @Nullable String responseBody) {
        return new StepFailure(kind, message, httpStatus, retryAfter, responseBody, null);
    }

    /**
     * The destination did nothing since it was asked too often; the same request may succeed later.
     *
     * @param retryAfter what the vendor asked to wait, or states that one has to
     */
    public static StepFailure limited(
            String message, int httpStatus, @Nullable Duration retryAfter, @Nullable String responseBody) {
        return new StepFailure(Kind.PASSING, message, httpStatus, retryAfter, responseBody, null, true);
    }

    public Kind kind() {
        return kind;
    }

    /** The HTTP status that was answered, 0 where there was none. */
    public int httpStatus() {
        return httpStatus;
    }

    /** Whether the destination was asked too often: by what a sink read in its answer, or by status 429. */
    public boolean isLimited() {
        return limited;
    }

    /** How long the destination asked to wait. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** The beginning of the destination's answer, at most 1,000 characters. */
    public Optional<String> responseExcerpt() {
        return Optional.ofNullable(responseExcerpt);
    }

    private static Kind kindOf(int status) {
        return switch (status) {
            case 408, 425, 429, 503 -> Kind.PASSING;
            default -> status >= 500 ? Kind.UNSURE : Kind.PERMANENT;
        };
    }

    private static @Nullable String excerpt(@Nullable String text) {
        return text == null || text.length() <= EXCERPT_LIMIT ? text : text.substring(0, EXCERPT_LIMIT);
    }
}
