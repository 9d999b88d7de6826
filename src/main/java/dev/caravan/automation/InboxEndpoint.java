package dev.caravan.automation;

import dev.caravan.delivery.LaneOptions;
import dev.caravan.delivery.RetrySchedule;
import dev.caravan.settings.Units;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Start an automation with the events of one or more sources.
 *
 * <p>The message body is the payload as a Map; facts about the event are exchange variables: {@code eventId},
 * {@code eventType}, {@code eventSource}, {@code eventTime}, {@code idempotencyKey}, {@code deliveryId},
 * {@code attempt}.
 */
@UriEndpoint(
        firstVersion = "0.1.0",
        scheme = "inbox",
        title = "Inbox",
        syntax = "inbox:sources",
        consumerOnly = true,
        category = {Category.MESSAGING})
public final class InboxEndpoint extends DefaultEndpoint implements MultipleConsumersSupport {
    /** What a route may say, the path among it. */
    static final Set<String> OPTIONS = Set.of("concurrency", "events", "orderBy", "retry", "sources");

    /** The greatest {@code concurrency}. */
    static final int MOST_AT_ONCE = 1_000;

    private final InboxComponent component;

    @UriPath(description = "The sources whose events start the automation: one name, several separated by commas, or *")
    @Metadata(required = true)
    private String sources;

    @UriParam(
            defaultValue = "*",
            description = "The event types that start the automation, separated by commas, with * as a wildcard")
    private String events = "*";

    @UriParam(
            description =
                    "How many deliveries run at once on a node; caravan.delivery.concurrency where it is not given")
    private int concurrency;

    @UriParam(
            description = "The waits between attempts, for example 10s,1m,5m; empty for none;"
                    + " caravan.delivery.retry where it is not given")
    private @Nullable String retry;

    @UriParam(
            description = "A Simple expression: deliveries for which it gives the same value are run one at a time, in"
                    + " order of arrival, also through retries and on several nodes; empty for no order")
    private @Nullable String orderBy;

    public InboxEndpoint(String uri, InboxComponent component, String sources) {
        super(uri, component);
        this.component = component;
        this.sources = sources;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("inbox: starts an automation: use it in from()");
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        InboxConsumer consumer = new InboxConsumer(this, component, processor);
        configureConsumer(consumer);
        return consumer;
    }

    /** Several automations may start from the same source. */
    @Override
    public boolean isMultipleConsumersSupported() {
        return true;
    }

    /** What the options say, with the component's defaults for the rest. */
    LaneOptions laneOptions() {
        List<Duration> waits = retry == null ? component.defaults().retry() : durations(retry);
        int atOnce = concurrency == 0 ? component.defaults().concurrency() : concurrency;
        return new LaneOptions(
                atOnce,
                new RetrySchedule(waits),
                component.defaults().timeout(),
                orderBy == null || orderBy.isBlank() ? Optional.empty() : Optional.of(new OrderValue(this, orderBy)));
    }

    private static List<Duration> durations(String text) {
        return Arrays.stream(text.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .map(InboxEndpoint::duration)
                .toList();
    }

    private static Duration duration(String text) {
        return Units.duration(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "The inbox option retry has " + text + ": write waits like 10s,1m,5m."));
    }

    public String getSources() {
        return sources;
    }

    public void setSources(String sources) {
        this.sources = sources;
    }

    public String getEvents() {
        return events;
    }

    public void setEvents(String events) {
        this.events = events;
    }

    public int getConcurrency() {
        return concurrency;
    }

    /**
     * Sets how many deliveries run at once on a node.
     *
     * @throws IllegalArgumentException where it is not from 1 to 1,000
     */
    public void setConcurrency(int concurrency) {
        if (concurrency < 1 || concurrency > MOST_AT_ONCE) {
            throw new IllegalArgumentException(
                    "The inbox option concurrency is " + concurrency + ": give a number from 1 to 1000.");
        }
        this.concurrency = concurrency;
    }

    public @Nullable String getRetry() {
        return retry;
    }

    /**
     * Sets the waits between attempts.
     *
     * @throws IllegalArgumentException where one cannot be read
     */
    public void setRetry(String retry) {
        durations(retry);
        this.retry = retry;
    }

    public @Nullable String getOrderBy() {
        return orderBy;
    }

    public void setOrderBy(String orderBy) {
        this.orderBy = orderBy;
    }

    InboxComponent component() {
        return component;
    }
}
