package dev.caravan.source;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A keyed digest over what {@link PayloadTemplate} says, in hex or base64. Signatures are compared in their encoded
 * form, so that only the one spelling that vendors use counts: lower case, padded.
 */
final class HmacScheme implements Scheme {
    enum Encoding {
        HEX,
        BASE64
    }

    /** Where the signed timestamp stands, and how far from now it may be, in either direction. */
    record SignedTimestamp(HeaderPart place, Duration tolerance) {}

    private static final HexFormat HEX = HexFormat.of();
    private static final int ID_LENGTH = 24;

    private final HeaderPart signature;
    private final Encoding encoding;
    private final PayloadTemplate payload;
    private final @Nullable SignedTimestamp timestamp;
    private final List<HmacKey> keys;
    private final List<String> signedHeaders;

    /**
     * A scheme.
     *
     * @param timestamp given exactly where the payload holds one
     */
    HmacScheme(
            HeaderPart signature,
            Encoding encoding,
            PayloadTemplate payload,
            @Nullable SignedTimestamp timestamp,
            List<HmacKey> keys) {
        this.signature = signature;
        this.encoding = encoding;
        this.payload = payload;
        this.timestamp = timestamp;
        this.keys = List.copyOf(keys);
        this.signedHeaders = payload.headers();
    }

    @Override
    public Verification verify(IncomingRequest request) {
        if (keys.isEmpty()) {
            return new Verification.NoSecret();
        }
        Headers headers = request.headers();
        String value = headers.single(signature.header());
        if (value == null) {
            return new Verification.Refused(headers.whyNotSingle(signature.header()));
        }
        List<String> given = signature.in(value);
        if (given.isEmpty()) {
            return new Verification.Refused("The header " + signature.header()
                    + " holds no signature that starts with \"" + signature.prefix() + "\".");
        }
        for (String header : signedHeaders) {
            if (headers.single(header) == null) {
                return new Verification.Refused(headers.whyNotSingle(header));
            }
        }
        return timestamp == null ? compare(request, given, "") : verifyTimed(request, given, timestamp);
    }

    private Verification verifyTimed(IncomingRequest request, List<String> given, SignedTimestamp signed) {
        String header = signed.place().header();
        String value = request.headers().single(header);
        if (value == null) {
            return new Verification.Refused(request.headers().whyNotSingle(header));
        }
        List<String> texts = signed.place().in(value);
        if (texts.size() != 1) {
            return new Verification.Refused("The header " + header + " does not hold exactly one timestamp.");
        }
        Instant time = Times.parse(texts.get(0));
        if (time == null) {
            return new Verification.Refused("The timestamp in the header " + header + " is not a point in time.");
        }
        Duration age = Duration.between(time, request.receivedAt());
        if (age.abs().compareTo(signed.tolerance()) > 0) {
            return new Verification.Refused(
                    "The timestamp in the header " + header + " is " + age.abs().toSeconds()
                            + " s " + (age.isNegative() ? "ahead of" : "behind") + " this machine's clock; "
                            + signed.tolerance().toSeconds() + " s are allowed.");
        }
        return compare(request, given, texts.get(0));
    }

    private Verification compare(IncomingRequest request, List<String> given, String timestampText) {
        int length = 0;
        for (int i = 0; i < keys.size(); i++) {
            byte[] expected = encoded(payload.sign(keys.get(i), request, timestampText));
            length = expected.length;
            for (String candidate : given) {
                if (MessageDigest.isEqual(expected, candidate.getBytes(StandardCharsets.UTF_8))) {
                    return new Verification.Verified(i);
                }
            }
        }
        boolean rightLength = false;
        for (String candidate : given) {
            rightLength |= candidate.length() == length;
        }
        return new Verification.Refused(
                rightLength
                        ? "The signature in the header " + signature.header() + " does not match the request"
                                + (payload.lacksUriStart()
                                        ? "; it covers the address, so caravan.public-url may have to say what it"
                                                + " starts with."
                                        : ".")
                        : "The signature in the header " + signature.header() + " does not have " + length
                                + " characters.");
    }

    @Override
    public Map<String, String> sign(byte[] body, String uri, Instant now) {
        if (keys.isEmpty()) {
            return Map.of();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        String id = "msg_" + Digests.sha256(body).substring(0, ID_LENGTH);
        payload.headers().forEach(header -> headers.put(header, id));
        Map<String, List<String>> sent = new LinkedHashMap<>();
        headers.forEach((name, value) -> sent.put(name, List.of(value)));
        String time = Long.toString(now.getEpochSecond());
        IncomingRequest request = new IncomingRequest("POST", uri, Headers.of(sent), body, now);
        String signed = signature.prefix()
                + new String(encoded(payload.sign(keys.get(0), request, time)), StandardCharsets.US_ASCII);
        if (timestamp != null && timestamp.place().header().equalsIgnoreCase(signature.header())) {
            signed = timestamp.place().prefix() + time + signature.separator() + signed;
        } else if (timestamp != null) {
            headers.put(timestamp.place().header(), timestamp.place().prefix() + time);
        }
        headers.put(signature.header(), signed);
        return headers;
    }

    @Override
    public Set<String> headers() {
        Set<String> headers = new LinkedHashSet<>(signedHeaders);
        headers.add(signature.header());
        if (timestamp != null) {
            headers.add(timestamp.place().header());
        }
        return headers;
    }

    @Override
    public Set<String> secretHeaders() {
        return Set.of();
    }

    @Override
    public boolean ready() {
        return !keys.isEmpty();
    }

    private byte[] encoded(byte[] digest) {
        return encoding == Encoding.HEX
                ? HEX.formatHex(digest).getBytes(StandardCharsets.US_ASCII)
                : Base64.getEncoder().encode(digest);
    }
}
