package dev.caravan.acceptance;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A Slack on loopback: it hears what is sent to its webhook and answers as it is told, {@code ok} by default. */
public final class SlackStandIn implements AutoCloseable {
    /** The part of the webhook's URL that nobody else may read. */
    static final String HUSH = "hushWebhookPart";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    static final Reply OK = new Reply(200, "ok", Map.of());

    /** What a request is answered. */
    record Reply(int status, String body, Map<String, String> headers) {
        static Reply of(int status) {
            return new Reply(status, "no", Map.of());
        }
    }

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> accepted = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile Function<String, Reply> answers = text -> OK;

    public SlackStandIn() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    public String webhookUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/services/T0/B0/" + HUSH;
    }

    /** Decides the answers from now on, by the message's text; may block to hold a request. */
    void answer(Function<String, Reply> newAnswers) {
        answers = newAnswers;
    }

    /** Answers every request with this status from now on. */
    public void refuseAll(int status) {
        answer(text -> Reply.of(status));
    }

    public void acceptAll() {
        answer(text -> OK);
    }

    /** The texts of all requests, in the order in which they came. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /** The texts that were answered 200 {@code ok}. */
    public List<String> accepted() {
        return List.copyOf(accepted);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String text = JSON.readTree(exchange.getRequestBody().readAllBytes())
                    .path("text")
                    .asText();
            asked.add(text);
            Reply reply = answers.apply(text);
            if (reply.equals(OK)) {
                accepted.add(text);
            }
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
