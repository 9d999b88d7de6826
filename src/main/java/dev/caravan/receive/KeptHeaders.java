package dev.caravan.receive;

import dev.caravan.source.CredentialDigests;
import dev.caravan.source.Headers;
import dev.caravan.source.Source;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The headers of a request as they are kept. One that carries a credential is kept as a keyed digest: enough to verify
 * it later, useless to who reads the database. A header that was sent several times is kept as one list.
 */
final class KeptHeaders {
    private final CredentialDigests digests;

    KeptHeaders(CredentialDigests digests) {
        this.digests = digests;
    }

    Map<String, String> of(Reception reception) {
        Source source = reception.source();
        Headers headers = reception.request().headers();
        Set<String> credentials = source.secretHeaderNames();
        Map<String, String> kept = new LinkedHashMap<>();
        for (String name : headers.names()) {
            String value = String.join(", ", headers.all(name));
            kept.put(name, credentials.contains(name) ? digests.ofHeader(name, value) : value);
        }
        return kept;
    }

    /** What {@link #of} kept, as headers. */
    static Headers read(Map<String, String> kept) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        kept.forEach((name, value) -> headers.put(name, List.of(value)));
        return Headers.of(headers);
    }
}
