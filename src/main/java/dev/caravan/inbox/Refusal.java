package dev.caravan.inbox;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request that became no event, as it is kept in quarantine.
 *
 * @param headers those that verification and identification read; a credential among them only as a keyed digest
 * @param address where it came from
 */
public record Refusal(
        String source,
        Kind kind,
        String reason,
        Instant receivedAt,
        String address,
        String method,
        String uri,
        Map<String, String> headers,
        byte[] body) {

    /** Why a request is in quarantine. */
    public enum Kind {
        /** Its signature did not verify. */
        UNVERIFIED,
        /** Its source had no secret yet. */
        NO_SECRET,
        /** It verified, but no event could be read from it. */
        MALFORMED,
        /** It was answered as a verification request or test ping. */
        VERIFICATION;

        /** The name as it is stored and shown. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The kind of a label; empty where there is none. */
        public static Optional<Kind> ofLabel(String label) {
            return Arrays.stream(values())
                    .filter(kind -> kind.label().equals(label))
                    .findFirst();
        }
    }
}
