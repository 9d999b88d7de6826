package dev.caravan.sink;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where messages go: a webhook, or a channel by token.
 *
 * @param webhookUrl where it is really sent; null with a token
 * @param server what the Web API's paths are appended to, no slash at its end
 */
record SlackAccount(
        @Nullable String webhookUrl,
        @Nullable String token,
        @Nullable String channel,
        String server) {
    private static final String SLACK = "https://slack.com";

    /** @throws IllegalArgumentException unless there is either a webhook, or a token and a channel */
    static SlackAccount of(
            @Nullable String webhookUrl, @Nullable String token, @Nullable String channel, Destinations destinations) {
        boolean byWebhook = webhookUrl != null && token == null && channel == null;
        boolean byToken = webhookUrl == null && token != null && channel != null;
        if (!byWebhook && !byToken) {
            throw new IllegalArgumentException("slack-message-sink needs either webhookUrl, or token and channel");
        }
        return new SlackAccount(
                webhookUrl == null ? null : destinations.of(webhookUrl.strip()),
                token == null ? null : token.strip(),
                channel == null ? null : channel.strip(),
                destinations.of(SLACK));
    }

    /** The budget of its messages. */
    Account budget(String kamelet) {
        String url = webhookUrl == null ? server : webhookUrl;
        return Account.of(
                kamelet, url + " " + token + " " + channel, Optional.of(Rate.perSecond(1)), "slack.com", url, 1);
    }
}
