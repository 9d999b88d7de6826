package dev.caravan.dryrun;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plays every server on the internet: takes requests as {@link dev.caravan.sink.Destinations} rewrites them,
 * {@code http://127.0.0.1:PORT/~/SCHEME/HOST/PATH}, tells of each, and answers as the vendor would. Bound to loopback
 * only. Closing it drops requests in flight.
 */
final class CaptureServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureServer.class);
    /** camel-http writes the tilde percent-encoded. */
    private static final Pattern CAPTURED =
            Pattern.compile("/(?:~|%7E)/(https?|smtp)/([^/?]+)([^?]*(?:\\?.*)?)", Pattern.DOTALL);

    private static final Set<String> OF_THE_CONNECTION = Set.of("host", "connection", "http2-settings", "upgrade");
    private static final int MAX_BODY = 32 * 1024 * 1024;

    private final Clock clock;
    private final Answers answers;
    private final Consumer<CapturedRequest> observer;
    private final ExecutorService threads;
    private final HttpServer server;

    private CaptureServer(Clock clock, Consumer<CapturedRequest> observer, HttpServer server) {
        this.clock = clock;
        this.answers = Answers.load(clock);
        this.observer = observer;
        this.server = server;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "dry-run-capture");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Starts it on a free port.
     *
     * @param observer told of each request before it is answered, on any thread
     * @throws UncheckedIOException if no port can be had
     */
    static CaptureServer start(Clock clock, Consumer<CapturedRequest> observer) {
        try {
            HttpServer server =
                    HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
            CaptureServer capture = new CaptureServer(clock, observer, server);
            server.createContext("/", capture::handle);
            server.setExecutor(capture.threads);
            server.start();
            return capture;
        } catch (IOException noPort) {
            throw new UncheckedIOException("The capturing server of the dry run cannot listen on 127.0.0.1", noPort);
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY);
            Matcher captured = CAPTURED.matcher(exchange.getRequestURI().toString());
            if (!captured.matches()) {
                answer(exchange, new Answers.Answer(404, "text/plain", new byte[0]));
                return;
            }
            CapturedRequest asked = request(exchange, captured, body, 0);
            Answers.Answer answer = answers.to(asked);
            observer.accept(request(exchange, captured, body, answer.status()));
            answer(exchange, answer);
        } catch (RuntimeException broken) {
            LOG.error("The capturing server of the dry run failed on a request", broken);
            exchange.sendResponseHeaders(500, -1);
        }
    }

    private CapturedRequest request(HttpExchange exchange, Matcher captured, byte[] body, int status) {
        Map<String, List<String>> headers = new TreeMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                headers.put(name, values);
            }
        });
        String target = captured.group(3);
        return new CapturedRequest(
                clock.instant(),
                exchange.getRequestMethod(),
                captured.group(1),
                captured.group(2),
                target.startsWith("/") ? target : "/" + target,
                headers,
                body,
                status);
    }

    private static void answer(HttpExchange exchange, Answers.Answer answer) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", answer.contentType());
        boolean empty = answer.body().length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), empty ? -1 : answer.body().length);
        if (!empty) {
            exchange.getResponseBody().write(answer.body());
        }
    }
}
