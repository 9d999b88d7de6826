package dev.caravan.acceptance;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A service on loopback that takes Koji events and answers each call as it is told, 200 by default. */
final class CallStandIn implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Decides the status of an interview's call by its number, from 1; may block to hold it. */
    interface Answers {
        int status(String interview, int number);
    }

    private final Map<String, Integer> calls = new ConcurrentHashMap<>();
    private final Map<String, Integer> taken = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private volatile Answers answers = (interview, number) -> 200;

    CallStandIn() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/interviews";
    }

    void answer(Answers newAnswers) {
        answers = newAnswers;
    }

    /** How often an interview came. */
    int calls(String interview) {
        return calls.getOrDefault(interview, 0);
    }

    /** How often an interview came and was answered 200. */
    int taken(String interview) {
        return taken.getOrDefault(interview, 0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String interview = JSON.readTree(exchange.getRequestBody().readAllBytes())
                    .at("/data/interview_id")
                    .asText();
            int status = answers.status(interview, calls.merge(interview, 1, Integer::sum));
            if (status == 200) {
                taken.merge(interview, 1, Integer::sum);
            }
            exchange.sendResponseHeaders(status, -1);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
