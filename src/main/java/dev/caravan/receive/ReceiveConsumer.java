package dev.caravan.receive;

import dev.caravan.source.Headers;
import dev.caravan.source.IncomingRequest;
import dev.caravan.source.Source;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads each request's bytes itself, whatever their content type, and runs the receive route on the event loop. Only
 * the headers that the source reads are let in.
 */
final class ReceiveConsumer extends DefaultConsumer implements Suspendable {
    private static final String TOO_MANY = "too many requests are in flight";
    private static final String CONTENT_TYPE = "content-type";
    private static final String METHODS = "GET, HEAD, POST";
    private static final Set<HttpMethod> PROBES = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private final AtomicInteger inFlight = new AtomicInteger();
    private final AtomicLong bytesInFlight = new AtomicLong();
    private final ReceiveComponent component;
    private final String path;
    private volatile boolean draining;
    private @Nullable Route route;
    private @Nullable Route others;

    ReceiveConsumer(ReceiveEndpoint endpoint, ReceiveComponent component, Processor processor, String path) {
        super(endpoint, processor);
        this.component = component;
        this.path = path;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        VertxPlatformHttpRouter router =
                getEndpoint().getCamelContext().getRegistry().findByType(VertxPlatformHttpRouter.class).stream()
                        .filter(VertxPlatformHttpRouter::isMainServer)
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("The public listener has no router"));
        route = router.route("/" + path + "/:source").handler(this::handle);
        others = router.route().handler(context -> respond(context, Answer.error(404, "there is nothing here")));
    }

    /** Takes in nothing new from now on. */
    @Override
    protected void doSuspend() throws Exception {
        draining = true;
        super.doSuspend();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        draining = false;
    }

    /** How many requests wait for their answer or, answered too late, for the commit that still holds their bytes. */
    int inFlight() {
        return inFlight.get();
    }

    @Override
    protected void doStop() throws Exception {
        if (route != null && others != null) {
            route.remove();
            others.remove();
        }
        super.doStop();
    }

    private void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        Source source = component.sources().get(context.pathParam("source"));
        if (source == null) {
            respond(context, Answer.error(404, "there is no source of this name"));
        } else if (PROBES.contains(request.method())) {
            respond(context, Answer.ready());
        } else if (!HttpMethod.POST.equals(request.method())) {
            context.response().putHeader("Allow", METHODS);
            respond(context, Answer.error(405, "use POST"));
        } else if (draining) {
            respond(context, Answer.unavailable("this node is stopping"));
        } else if (inFlight.get() >= component.settings().maxInFlight()) {
            respond(context, Answer.unavailable(TOO_MANY));
        } else {
            new Call(context, source).begin();
        }
    }

    private static void respond(RoutingContext context, Answer answer) {
        if (context.response().ended() || context.response().closed()) {
            return;
        }
        context.response().setStatusCode(answer.status()).putHeader("Content-Type", "application/json");
        answer.retryAfter()
                .ifPresent(wait -> context.response().putHeader("Retry-After", Long.toString(wait.toSeconds())));
        if (HttpMethod.HEAD.equals(context.request().method())) {
            context.response()
                    .putHeader("Content-Length", Integer.toString(answer.json().length()));
            context.response().end();
        } else {
            context.response().end(answer.json());
        }
    }

    /** One POST, from its first byte to its answer. Used by one event loop. */
    private final class Call {
        private final RoutingContext context;
        private final Source source;
        private final long timer;
        private Buffer body = Buffer.buffer();
        private boolean answered;
        private boolean inRoute;
        private long bytes;

        Call(RoutingContext context, Source source) {
            this.context = context;
            this.source = source;
            inFlight.incrementAndGet();
            this.timer =
                    context.vertx().setTimer(component.settings().answerWithin().toMillis(), id -> late());
        }

        void begin() {
            HttpServerRequest request = context.request();
            if (declaredLength(request) > component.settings().maxBody()) {
                tooLarge();
                return;
            }
            if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
                context.response().writeContinue();
            }
            request.exceptionHandler(gone -> end());
            request.handler(this::add);
            request.endHandler(done -> received());
        }

        private static long declaredLength(HttpServerRequest request) {
            String length = request.getHeader("Content-Length");
            try {
                return length == null ? 0 : Long.parseLong(length);
            } catch (NumberFormatException e) {
                return 0;
            }
        }

        private void add(Buffer part) {
            if (answered) {
                return;
            }
            if (body.length() + part.length() > component.settings().maxBody()) {
                tooLarge();
            } else if (bytesInFlight.addAndGet(part.length())
                    > component.settings().maxInFlightBytes()) {
                bytesInFlight.addAndGet(-part.length());
                close(Answer.unavailable(TOO_MANY));
            } else {
                bytes += part.length();
                body.appendBuffer(part);
            }
        }

        private void tooLarge() {
            close(Answer.error(
                    413, "the body is larger than " + component.settings().maxBody() + " bytes"));
        }

        private void late() {
            Answer answer = Answer.unavailable(Answers.CANNOT_STORE);
            if (inRoute) {
                answer(answer);
            } else {
                close(answer);
            }
        }

        /** Answers a request whose body is not read to its end, and takes no more from its connection. */
        private void close(Answer answer) {
            if (context.request().version() != HttpVersion.HTTP_2) {
                context.response().putHeader("Connection", "close");
            }
            body = Buffer.buffer(0);
            context.response().endHandler(sent -> context.request().connection().close());
            answer(answer);
        }

        private void received() {
            if (answered) {
                return;
            }
            if (body.length() == 0) {
                answer(Answer.ready());
                return;
            }
            Reception reception = new Reception(source, request(), address(), eventLoop());
            body = Buffer.buffer(0);
            Exchange exchange = createExchange(false);
            exchange.getMessage().setBody(reception);
            inRoute = true;
            getAsyncProcessor().process(exchange, doneSync -> {
                Answer decided = reception.answer();
                leaveRoute();
                answer(decided == null ? Answer.unavailable(Answers.CANNOT_STORE) : decided);
                releaseExchange(exchange, false);
            });
        }

        private IncomingRequest request() {
            HttpServerRequest request = context.request();
            return new IncomingRequest(
                    request.method().name(),
                    request.uri(),
                    headers(request),
                    body.getBytes(),
                    component.clock().instant());
        }

        private Headers headers(HttpServerRequest request) {
            Map<String, List<String>> let = new HashMap<>();
            letIn(request, CONTENT_TYPE, let);
            source.headerNames().forEach(name -> letIn(request, name, let));
            return Headers.of(let);
        }

        private static void letIn(HttpServerRequest request, String name, Map<String, List<String>> let) {
            List<String> values = request.headers().getAll(name);
            if (!values.isEmpty()) {
                let.put(name, values);
            }
        }

        private String address() {
            return context.request().remoteAddress() == null
                    ? "unknown"
                    : String.valueOf(context.request().remoteAddress().hostAddress());
        }

        private Executor eventLoop() {
            Context loop = context.vertx().getOrCreateContext();
            return task -> loop.runOnContext(ignored -> task.run());
        }

        private void answer(Answer answer) {
            if (!answered) {
                end();
                component.answers().answered(source.name(), answer.status());
                respond(context, answer);
            }
        }

        private void end() {
            if (!answered) {
                answered = true;
                context.vertx().cancelTimer(timer);
                if (!inRoute) {
                    release();
                }
            }
        }

        private void release() {
            inFlight.decrementAndGet();
            bytesInFlight.addAndGet(-bytes);
        }

        private void leaveRoute() {
            inRoute = false;
            if (answered) {
                release();
            }
        }
    }
}
