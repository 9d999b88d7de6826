package dev.caravan.selftest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caravan.samples.Sample;
import dev.caravan.samples.Sender;
import dev.caravan.selftest.Setting.Kind;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Vendors that send: several requests at a time, each event again until it is answered 200. How many events may be begun
 * is up to {@link #allowUpTo}, so that a load does not run ahead of the faults that it is to meet.
 */
final class Load implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long PAUSE_MILLIS = 50;

    /** Come again: we said so, or could not answer. */
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);

    private final List<Kind> kinds;
    private final Ports ports;
    private final Sender sender;
    private final String run;
    private final int events;
    private final Semaphore allowed = new Semaphore(0);
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger settled = new AtomicInteger();
    private final Queue<Sent> done = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads;
    private int permitted;

    /**
     * A load; nothing is sent yet.
     *
     * @param run another text for each run, so that its events are new
     */
    Load(List<Kind> kinds, Ports ports, Sender sender, String run, int events) {
        this.kinds = kinds;
        this.ports = ports;
        this.sender = sender;
        this.run = run;
        this.events = events;
        this.threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "selftest-sender");
            thread.setDaemon(true);
            return thread;
        });
    }

    void start(int concurrency) {
        for (int i = 0; i < concurrency; i++) {
            threads.execute(this::send);
        }
    }

    /** Lets the events up to this number begin. Used by one thread. */
    void allowUpTo(int number) {
        allowed.release(Math.max(0, number - permitted));
        permitted = Math.max(number, permitted);
    }

    /** How many were accepted or refused for good. */
    int settled() {
        return settled.get();
    }

    /** Whether each event was accepted or refused for good. */
    boolean isDone() {
        return settled.get() == events;
    }

    /** Those that are settled. */
    List<Sent> sent() {
        return new ArrayList<>(done);
    }

    private void send() {
        try {
            for (int number = begin(); number < events; number = begin()) {
                Kind kind = kinds.get(number % kinds.size());
                Sample sample = kind.sample().distinct(run + "-" + number);
                done.add(untilSettled(kind, sample));
                settled.incrementAndGet();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private int begin() throws InterruptedException {
        allowed.acquire();
        return next.getAndIncrement();
    }

    private Sent untilSettled(Kind kind, Sample sample) throws InterruptedException {
        for (int tries = 1; ; tries++) {
            URI to = URI.create("http://127.0.0.1:" + ports.next() + "/webhooks/"
                    + kind.source().name());
            long began = System.nanoTime();
            try {
                Sender.Answer answer = sender.send(kind.source(), sample.body(), sample.event(), to);
                long took = System.nanoTime() - began;
                Optional<String> id = answer.status() == 200 ? eventId(answer.body()) : Optional.empty();
                if (id.isPresent() || !PASSING.contains(answer.status())) {
                    String said = answer.status() + " " + answer.body().strip();
                    return new Sent(kind.source().name(), sample.event(), id, said, tries, took);
                }
            } catch (IOException noAnswer) {
                // A node that was killed: as for a vendor, whether the event was stored is unknown.
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    private static Optional<String> eventId(String answer) {
        try {
            return Optional.of(JSON.readTree(answer).path("id").asText()).filter(id -> !id.isEmpty());
        } catch (JsonProcessingException notOurs) {
            return Optional.empty();
        }
    }

    /** Ends it; what was not answered yet never will be. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
