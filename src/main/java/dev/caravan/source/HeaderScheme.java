package dev.caravan.source;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code bearer}, {@code basic} and {@code token}: a header holds the secret itself. */
final class HeaderScheme implements Scheme {
    private final String header;
    private final String prefix;
    private final boolean authentication;
    private final List<byte[]> expected;

    /**
     * A scheme.
     *
     * @param prefix what stands before the secret; where {@code authentication}, the name of an HTTP authentication
     *     scheme, whose case does not matter (RFC 9110, 11.1)
     * @param expected the secrets as they stand in the header
     */
    HeaderScheme(String header, String prefix, boolean authentication, List<String> expected) {
        this.header = header;
        this.prefix = prefix;
        this.authentication = authentication;
        this.expected = expected.stream()
                .map(secret -> secret.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public Verification verify(IncomingRequest request) {
        if (expected.isEmpty()) {
            return new Verification.NoSecret();
        }
        String value = request.headers().single(header);
        if (value == null) {
            return new Verification.Refused(request.headers().whyNotSingle(header));
        }
        if (!value.regionMatches(authentication, 0, prefix, 0, prefix.length())) {
            return new Verification.Refused("The header " + header + " does not start with \"" + prefix + "\".");
        }
        byte[] given = value.substring(prefix.length()).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < expected.size(); i++) {
            if (MessageDigest.isEqual(expected.get(i), given)) {
                return new Verification.Verified(i);
            }
        }
        return none();
    }

    @Override
    public Verification verifyKept(IncomingRequest request, CredentialDigests digests) {
        if (expected.isEmpty()) {
            return new Verification.NoSecret();
        }
        String kept = request.headers().single(header);
        if (kept == null) {
            return new Verification.Refused(request.headers().whyNotSingle(header));
        }
        byte[] given = kept.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < expected.size(); i++) {
            String value = prefix + new String(expected.get(i), StandardCharsets.UTF_8);
            if (MessageDigest.isEqual(digests.ofHeader(header, value).getBytes(StandardCharsets.UTF_8), given)) {
                return new Verification.Verified(i);
            }
        }
        return none();
    }

    private Verification none() {
        return new Verification.Refused("The header " + header + " holds none of the source's secrets.");
    }

    @Override
    public Map<String, String> sign(byte[] body, String uri, Instant now) {
        return expected.isEmpty()
                ? Map.of()
                : Map.of(header, prefix + new String(expected.get(0), StandardCharsets.UTF_8));
    }

    @Override
    public Set<String> headers() {
        return Set.of(header);
    }

    @Override
    public Set<String> secretHeaders() {
        return Set.of(header);
    }

    @Override
    public boolean ready() {
        return !expected.isEmpty();
    }
}
