package dev.caravan.sink;

import java.io.IOException;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** The bean of {@code slack-message-sink}: one message to a Slack channel, by an incoming webhook or a bot's token. */
public final class SlackMessageSink extends SinkBean<SlackMessageSink.Parameters, SlackMessageSink.Started> {
    private @Nullable String webhookUrl;
    private @Nullable String token;
    private @Nullable String channel;
    private @Nullable String text;
    private @Nullable String blocks;
    private @Nullable String linkText;
    private @Nullable String linkUrl;
    private @Nullable String threadTs;

    /** What the step says. */
    record Parameters(SlackAccount account, SlackComposer composer) {}

    /** What it holds while it runs. */
    record Started(SlackComposer composer, SlackByCamel camel, SlackByClient client, Account budget)
            implements AutoCloseable {
        @Override
        public void close() throws IOException {
            camel.close();
            client.close();
        }
    }

    public SlackMessageSink() {
        super("slack-message-sink");
    }

    @Override
    protected Parameters read(CamelContext camel) {
        SlackAccount account = SlackAccount.of(
                optional(webhookUrl),
                optional(token),
                optional(channel),
                Sinks.of(camel).destinations());
        String blockKit = optional(blocks);
        SlackComposer composer = new SlackComposer(
                TextTemplate.of(required(text, "text"), Escaping.SLACK_MRKDWN, camel),
                blockKit == null ? null : SlackBlocks.of(blockKit, camel),
                template(linkText, Escaping.SLACK_MRKDWN, camel),
                template(linkUrl, Escaping.URL, camel),
                template(threadTs, Escaping.PLAIN, camel));
        if (composer.threadTs() != null && account.token() == null) {
            throw new IllegalArgumentException("slack-message-sink can answer in a thread only with token and channel");
        }
        return new Parameters(account, composer);
    }

    @Override
    protected Started open(Parameters read, CamelContext camel) throws Exception {
        Sinks sinks = Sinks.of(camel);
        SlackByCamel byCamel = SlackByCamel.open(read.account(), sinks, camel);
        return new Started(
                read.composer(),
                byCamel,
                new SlackByClient(read.account(), sinks),
                read.account().budget(kamelet()));
    }

    @Override
    protected void deliver(Started running, Exchange exchange) throws InterruptedException {
        SlackMessage message = running.composer().compose(exchange);
        if (running.camel().carries(message)) {
            running.camel().send(message);
        } else {
            running.client().send(message);
        }
    }

    /** One message a second for each webhook, and for each channel of a bot (api.slack.com/docs/rate-limits). */
    @Override
    protected Optional<Account> account(Started running, Exchange exchange) {
        return Optional.of(running.budget());
    }

    private static @Nullable TextTemplate template(@Nullable String coded, Escaping escaping, CamelContext camel) {
        String value = optional(coded);
        return value == null ? null : TextTemplate.of(value.strip(), escaping, camel);
    }

    public void setWebhookUrl(String value) {
        this.webhookUrl = value;
    }

    public void setToken(String value) {
        this.token = value;
    }

    public void setChannel(String value) {
        this.channel = value;
    }

    public void setText(String value) {
        this.text = value;
    }

    public void setBlocks(String value) {
        this.blocks = value;
    }

    public void setLinkText(String value) {
        this.linkText = value;
    }

    public void setLinkUrl(String value) {
        this.linkUrl = value;
    }

    public void setThreadTs(String value) {
        this.threadTs = value;
    }
}
