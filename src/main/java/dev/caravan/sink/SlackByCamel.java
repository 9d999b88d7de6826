package dev.caravan.sink;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.reflect.TypeToken;
import com.slack.api.model.Message;
import com.slack.api.model.block.LayoutBlock;
import com.slack.api.util.json.GsonFactory;
import dev.caravan.delivery.StepFailure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.component.slack.SlackComponent;
import org.apache.camel.component.slack.SlackEndpoint;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/**
 * Sends by camel-slack what it can carry: text over a webhook, text and blocks with a token. The endpoint is made by hand
 * and not by URI, so that no secret is part of one.
 *
 * <p>camel-slack 4.18.0 calls back before it sets the exception of a failure (CAMEL-23627), so the exchange is looked at
 * only after the producer has called back and returned.
 */
final class SlackByCamel implements AutoCloseable {
    private static final Gson GSON = GsonFactory.createSnakeCase();
    private static final TypeToken<List<LayoutBlock>> BLOCKS = new TypeToken<>() {};
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final AsyncProducer producer;
    private final SlackFailures failures;
    private final boolean byToken;

    private SlackByCamel(AsyncProducer producer, SlackFailures failures, boolean byToken) {
        this.producer = producer;
        this.failures = failures;
        this.byToken = byToken;
    }

    static SlackByCamel open(SlackAccount account, Sinks sinks, CamelContext camel) throws Exception {
        SlackComponent component = camel.getComponent("slack", SlackComponent.class);
        SlackEndpoint endpoint = new SlackEndpoint("slack:slack-message-sink", account.channel(), component);
        endpoint.setServerUrl(account.server());
        endpoint.setWebhookUrl(account.webhookUrl());
        endpoint.setToken(account.token());
        AsyncProducer producer = endpoint.createAsyncProducer();
        ServiceHelper.startService(producer);
        return new SlackByCamel(producer, new SlackFailures(sinks.clock()), account.token() != null);
    }

    /** Whether camel-slack can carry the message without changing it. */
    boolean carries(SlackMessage message) {
        if (message.thread() != null) {
            return false;
        }
        return message.blocks() == null || (byToken && blocks(message) != null);
    }

    /** @throws StepFailure as Slack's answer means */
    void send(SlackMessage message) throws InterruptedException {
        Exchange exchange = producer.getEndpoint().createExchange();
        exchange.getIn().setBody(body(message));
        CountDownLatch calledBack = new CountDownLatch(1);
        producer.process(exchange, doneSync -> calledBack.countDown());
        if (!calledBack.await(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
            throw StepFailure.unsure("No answer from Slack in time", null);
        }
        Exception failure = exchange.getException();
        if (failure != null) {
            throw failures.of(failure);
        }
    }

    private static Object body(SlackMessage message) {
        List<LayoutBlock> blocks = blocks(message);
        if (blocks == null) {
            return message.text();
        }
        Message carried = new Message();
        carried.setText(message.text());
        carried.setBlocks(blocks);
        return carried;
    }

    /** The blocks as the client's model has them; null if there are none or the model does not know all of them. */
    private static @Nullable List<LayoutBlock> blocks(SlackMessage message) {
        if (message.blocks() == null) {
            return null;
        }
        try {
            JsonElement json = JsonParser.parseString(message.blocks().toString());
            List<LayoutBlock> blocks = GSON.fromJson(json, BLOCKS);
            return GSON.toJsonTree(blocks, BLOCKS.getType()).equals(json) ? blocks : null;
        } catch (JsonParseException unknownBlock) {
            return null;
        }
    }

    @Override
    public void close() {
        ServiceHelper.stopAndShutdownService(producer);
    }
}
