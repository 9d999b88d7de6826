package dev.caravan.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.HttpHeader;
import com.github.tomakehurst.wiremock.http.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Appends every request that a WireMock stand-in receives to {@code target/outbound-requests.jsonl}, one JSON object a
 * line, for the check of outgoing requests against the vendors' contracts.
 */
public final class OutboundRecorder {
    private static final Path FILE = Path.of("target", "outbound-requests.jsonl");
    private static final Pattern CAPTURED = Pattern.compile("^/(?:~|%7E)/https?/[^/?]+");
    private static final ObjectMapper JSON = new ObjectMapper();

    private OutboundRecorder() {}

    /**
     * Records from now on.
     *
     * @param sink as the contract check names it: {@code slack-webhook}, {@code slack-api}, {@code http}, …
     * @param label shown where a request violates its contract, the test's name for example
     * @param literals data that looks like a leftover of a template on purpose; noted where a request holds it
     */
    public static void record(WireMockServer standIn, String sink, String label, String... literals) {
        record(standIn, request -> sink, label, literals);
    }

    /** The same where the stand-in plays several vendors: by the request. */
    public static void record(
            WireMockServer standIn, Function<Request, String> sink, String label, String... literals) {
        standIn.addMockServiceRequestListener(
                (request, response) -> append(line(request, sink.apply(request), label, literals)));
    }

    private static String line(Request request, String sink, String label, String... literals) {
        ObjectNode line = JSON.createObjectNode();
        line.put("sink", sink).put("label", label);
        line.put("method", request.getMethod().getName())
                .put("path", CAPTURED.matcher(request.getUrl()).replaceFirst(""));
        ObjectNode headers = line.putObject("headers");
        for (HttpHeader header : request.getHeaders().all()) {
            if (header.values().size() == 1) {
                headers.put(header.key(), header.firstValue());
            } else {
                header.values().forEach(headers.putArray(header.key())::add);
            }
        }
        String body = request.getBodyAsString();
        line.put("body", body);
        for (String literal : literals) {
            if (body.contains(literal) || decoded(request.getUrl()).contains(literal)) {
                line.withArray("literals").add(literal);
            }
        }
        try {
            return JSON.writeValueAsString(line) + "\n";
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static String decoded(String url) {
        return URLDecoder.decode(url.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static synchronized void append(String line) {
        try {
            Files.createDirectories(FILE.getParent());
            Files.write(
                    FILE, line.getBytes(StandardCharsets.UTF_8), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
