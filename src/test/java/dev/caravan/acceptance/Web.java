package dev.caravan.acceptance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Requests to one listener: proper ones by Java's own client, improper ones byte by byte. */
final class Web {
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private final String base;
    private final Duration patience;

    Web(String base) {
        this(base, Duration.ofSeconds(20));
    }

    private Web(String base, Duration patience) {
        this.base = base;
        this.patience = patience;
    }

    /** The same, waiting so long for an answer. */
    Web patient(Duration other) {
        return new Web(base, other);
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).timeout(patience);
    }

    Answer send(HttpRequest.Builder request) {
        try {
            return Answer.of(CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Answer get(String path, String... headers) {
        HttpRequest.Builder request = to(path).GET();
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    Answer post(String path, String body, String... headers) {
        return post(path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    Answer post(String path, byte[] body, String... headers) {
        HttpRequest.Builder request = to(path).POST(BodyPublishers.ofByteArray(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    /** A signed Koji event. */
    Answer koji(String body) {
        return kojiTo("/webhooks/koji", body.getBytes(StandardCharsets.UTF_8));
    }

    Answer kojiTo(String path, byte[] body, String... headers) {
        HttpRequest.Builder request = to(path).POST(BodyPublishers.ofByteArray(body))
                .header("X-Koji-Signature", Vendor.koji(Workplace.SECRET, body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    /** Sends the text as it stands (ISO 8859-1) and returns all that comes back until the server closes or is quiet. */
    String raw(String text, Duration quiet) {
        URI uri = URI.create(base);
        try (Socket socket = new Socket(uri.getHost(), uri.getPort())) {
            socket.setSoTimeout((int) quiet.toMillis());
            OutputStream out = socket.getOutputStream();
            out.write(text.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            return readAll(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String readAll(InputStream in) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] part = new byte[4096];
        try {
            for (int n = in.read(part); n >= 0; n = in.read(part)) {
                all.write(part, 0, n);
            }
        } catch (java.net.SocketTimeoutException quiet) {
            return all.toString(StandardCharsets.ISO_8859_1);
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }
}
