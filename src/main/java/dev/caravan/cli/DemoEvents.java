package dev.caravan.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.inbox.DeliverySummary;
import dev.caravan.inbox.InboxReader;
import dev.caravan.runtime.NodeConfig;
import dev.caravan.samples.Sample;
import dev.caravan.samples.Samples;
import dev.caravan.samples.Sender;
import dev.caravan.source.Source;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Sends the samples of all sources to a node, and waits until it has delivered them. Used by one thread. */
final class DemoEvents {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long LOOK_AGAIN_MILLIS = 250;

    private final Sender sender;
    private final NodeConfig config;
    private final String base;
    private final List<Sent> sent = new ArrayList<>();

    /** A sample and what it was answered. */
    record Sent(Source source, Sample sample, Sender.Answer answer) {
        /** The event's id, empty if the answer has none. */
        String eventId() {
            try {
                return JSON.readTree(answer.body()).path("id").asText("");
            } catch (JsonProcessingException notJson) {
                return "";
            }
        }

        String name() {
            return source.name() + " " + sample.event() + (sample.shape().isEmpty() ? "" : " " + sample.shape());
        }
    }

    /** @param port the node's public port */
    DemoEvents(Sender sender, NodeConfig config, int port) {
        this.sender = sender;
        this.config = config;
        this.base = "http://127.0.0.1:" + port + "/webhooks/";
    }

    /** What each source's vendor may send, in the samples' order. */
    List<Sent> sendAll(Progress progress) throws IOException, InterruptedException {
        for (Source source : config.sources()) {
            for (Sample sample : samples(source)) {
                sent.add(new Sent(source, sample, sender.send(source, sample.body(), sample.event(), to(source))));
                progress.step();
            }
        }
        return List.copyOf(sent);
    }

    int count() {
        return config.sources().stream()
                .mapToInt(source -> samples(source).size())
                .sum();
    }

    private List<Sample> samples(Source source) {
        String preset = config.settings()
                .text("caravan.source." + source.name() + ".preset")
                .orElse("");
        return Samples.shipped().of(preset);
    }

    private URI to(Source source) {
        return URI.create(base + source.name());
    }

    Sender.Answer again(Sent first) throws IOException, InterruptedException {
        return sender.send(first.source(), first.sample().body(), first.sample().event(), to(first.source()));
    }

    Sender.Answer forged(Sent first) throws IOException, InterruptedException {
        return sender.forge(
                first.source(), first.sample().body(), first.sample().event(), to(first.source()));
    }

    /**
     * Waits until every delivery has ended, or has failed and waits for its next attempt; a minute at most.
     *
     * @param settled gets a permit for each attempt that is recorded
     */
    void await(InboxReader reader, Semaphore settled, Progress progress) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline && isOpen(reader)) {
            if (settled.tryAcquire(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                progress.step();
            }
        }
    }

    private boolean isOpen(InboxReader reader) {
        return sent.stream()
                .flatMap(one -> reader.deliveriesOf(one.eventId()).stream())
                .anyMatch(DemoEvents::isOpen);
    }

    private static boolean isOpen(DeliverySummary delivery) {
        return delivery.state() == DeliveryState.PENDING || delivery.state() == DeliveryState.RUNNING;
    }
}
