package dev.caravan.source;

import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** How a vendor shows that a request is its own. Safe for use by several threads. */
sealed interface Scheme permits HmacScheme, HeaderScheme, OpenScheme {
    Verification verify(IncomingRequest request);

    /** Like {@link #verify}, of a request whose credentials are kept as digests. */
    default Verification verifyKept(IncomingRequest request, CredentialDigests digests) {
        return verify(request);
    }

    /** The headers that a vendor would add, with the first secret; none without a secret. */
    Map<String, String> sign(byte[] body, String uri, Instant now);

    /** The headers that are read. */
    Set<String> headers();

    /** The headers whose value is the secret itself. */
    Set<String> secretHeaders();

    /** Whether a request can be verified at all. */
    boolean ready();
}
