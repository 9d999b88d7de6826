package dev.caravan.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.slack.api.Slack;
import com.slack.api.SlackConfig;
import com.slack.api.util.http.SlackHttpClient;
import com.slack.api.webhook.WebhookResponse;
import dev.caravan.delivery.StepFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.FormBody;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/**
 * Sends by the Slack client what camel-slack cannot carry: blocks over a webhook, threads, blocks newer than its model.
 * Each message has a connection of its own, is sent once, and follows no redirect.
 */
final class SlackByClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final SlackAccount account;
    private final SlackFailures failures;
    private final Slack slack;

    SlackByClient(SlackAccount account, Sinks sinks) {
        this.account = account;
        this.failures = new SlackFailures(sinks.clock());
        SlackConfig config = new SlackConfig();
        config.setStatsEnabled(false);
        OkHttpClient http = SlackHttpClient.buildOkHttpClient(config)
                .newBuilder()
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .connectTimeout(CONNECT)
                .readTimeout(ANSWER)
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .build();
        this.slack = Slack.getInstance(config, new SlackHttpClient(http));
    }

    /** @throws StepFailure as Slack's answer means */
    void send(SlackMessage message) {
        try {
            if (account.token() == null) {
                sendByWebhook(message);
            } else {
                sendByToken(message, account.token());
            }
        } catch (IOException failure) {
            throw failures.of(failure);
        }
    }

    private void sendByWebhook(SlackMessage message) throws IOException {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("text", message.text());
        if (message.blocks() != null) {
            body.set("blocks", message.blocks());
        }
        WebhookResponse answer = slack.send(account.webhookUrl(), body.toString());
        if (answer.getCode() < 200 || answer.getCode() > 299) {
            throw failures.ofStatus(answer.getCode(), retryAfter(answer), answer.getBody());
        }
    }

    private static @Nullable String retryAfter(WebhookResponse answer) {
        List<String> values = answer.getHeaders().get("retry-after");
        return values == null || values.isEmpty() ? null : values.get(0);
    }

    /** By hand, since the client's own chat.postMessage writes thread_ts twice. */
    private void sendByToken(SlackMessage message, String token) throws IOException {
        FormBody.Builder form = new FormBody.Builder()
                .add("channel", Objects.requireNonNull(account.channel()))
                .add("text", message.text());
        if (message.thread() != null) {
            form.add("thread_ts", message.thread());
        }
        if (message.blocks() != null) {
            form.add("blocks", message.blocks().toString());
        }
        try (Response answer = slack.getHttpClient()
                        .postFormWithBearerHeader(account.server() + "/api/chat.postMessage", token, form.build());
                ResponseBody content = answer.body()) {
            String body = content == null ? "" : content.string();
            String wait = answer.header("Retry-After");
            if (answer.code() != 200) {
                throw failures.ofStatus(answer.code(), wait, body);
            }
            JsonNode result = parse(body);
            if (!result.path("ok").asBoolean()) {
                throw failures.ofError(result.path("error").asText(null), wait);
            }
        }
    }

    private static JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException notJson) {
            throw StepFailure.unsure("Slack answered 200 with a body that is not its API's", null);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            slack.close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Exception failed) {
            throw new IOException("The Slack client could not be closed", failed);
        }
    }
}
