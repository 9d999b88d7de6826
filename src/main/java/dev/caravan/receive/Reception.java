package dev.caravan.receive;

import dev.caravan.inbox.Stored;
import dev.caravan.source.IncomingRequest;
import dev.caravan.source.NewEvent;
import dev.caravan.source.Source;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the receive route: the message body of its exchange. Used by one event loop.
 *
 * <p>{@code eventLoop} brings work back to that loop from other threads.
 */
final class Reception {
    private final Source source;
    private final IncomingRequest request;
    private final String address;
    private final Executor eventLoop;
    private List<NewEvent> events = List.of();
    private List<Stored> stored = List.of();
    private @Nullable Answer answer;

    Reception(Source source, IncomingRequest request, String address, Executor eventLoop) {
        this.source = source;
        this.request = request;
        this.address = address;
        this.eventLoop = eventLoop;
    }

    Source source() {
        return source;
    }

    IncomingRequest request() {
        return request;
    }

    String address() {
        return address;
    }

    Executor eventLoop() {
        return eventLoop;
    }

    List<NewEvent> events() {
        return events;
    }

    void identified(List<NewEvent> newEvents) {
        events = newEvents;
    }

    List<Stored> stored() {
        return stored;
    }

    void stored(List<Stored> results) {
        stored = results;
    }

    /** Null until the route has decided. */
    @Nullable Answer answer() {
        return answer;
    }

    void answer(Answer decided) {
        answer = decided;
    }
}
