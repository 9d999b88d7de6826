package dev.caravan.dryrun;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request as it arrived at the capturing server.
 *
 * @param scheme of the address that it was meant for
 * @param host of that address, with its port where one was given
 * @param target path and query as sent
 * @param headers by name in lower case, without those that belong to the connection to the capturing server
 * @param status what it was answered
 */
public record CapturedRequest(
        Instant at,
        String method,
        String scheme,
        String host,
        String target,
        Map<String, List<String>> headers,
        byte[] body,
        int status) {

    public CapturedRequest {
        TreeMap<String, List<String>> copy = new TreeMap<>();
        headers.forEach((name, values) -> copy.put(name.toLowerCase(Locale.ROOT), List.copyOf(values)));
        headers = Collections.unmodifiableSortedMap(copy);
    }

    /** The address that it was meant for. It may be a secret. */
    public String url() {
        return scheme + "://" + host + target;
    }

    /** The target without its query. */
    public String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream()
                .findFirst();
    }

    /** The body as UTF-8 text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}
