package dev.caravan.samples;

import dev.caravan.source.Source;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Sends events as their vendors do: a POST of JSON, signed by the source's scheme and first secret. Thread-safe. */
public final class Sender {
    /** Longer than any vendor waits. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Clock clock;

    /** What the endpoint answered. */
    public record Answer(int status, String body) {}

    public Sender(Clock clock) {
        this.clock = clock;
    }

    /**
     * Sends an event.
     *
     * @param type for vendors who name it in a header; null if it is not known
     * @throws IOException if there is no answer
     */
    public Answer send(Source source, byte[] body, @Nullable String type, URI to)
            throws IOException, InterruptedException {
        return post(source, body, body, type, to);
    }

    /**
     * Sends an event whose last byte was changed after it was signed, so that the signature is that of another body.
     * With a method that does not sign the body the endpoint cannot tell.
     *
     * @throws IOException if there is no answer
     */
    public Answer forge(Source source, byte[] body, @Nullable String type, URI to)
            throws IOException, InterruptedException {
        byte[] changed = body.clone();
        changed[changed.length - 1] ^= 1;
        return post(source, body, changed, type, to);
    }

    private Answer post(Source source, byte[] signed, byte[] body, @Nullable String type, URI to)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(to)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
        source.sign(signed, pathAndQuery(to), clock.instant(), type).forEach(request::setHeader);
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        return new Answer(answer.statusCode(), answer.body());
    }

    private static String pathAndQuery(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }
}
