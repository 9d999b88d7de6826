package dev.caravan.sink;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.StepFailure;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Makes the message of an exchange from the templates of {@code slack-message-sink}. */
record SlackComposer(
        TextTemplate text,
        @Nullable SlackBlocks blocks,
        @Nullable TextTemplate linkText,
        @Nullable TextTemplate linkUrl,
        @Nullable TextTemplate threadTs) {
    private static final Pattern TIME_STAMP = Pattern.compile("\\d{10}\\.\\d{6}");
    private static final int LONGEST_URL = 3_000;

    /** @throws StepFailure permanent, if there is nothing to say or the thread is not one */
    SlackMessage compose(Exchange exchange) {
        String words = SlackText.tidy(text.renderWords(exchange)).strip();
        if (words.isEmpty()) {
            throw StepFailure.permanent("slack-message-sink: the text is empty for this event");
        }
        ArrayNode all = blocks == null ? JsonNodeFactory.instance.arrayNode() : blocks.render(exchange);
        ObjectNode link = link(exchange);
        if (link != null) {
            if (all.isEmpty()) {
                all.add(section(words));
            }
            while (all.size() >= SlackLimits.BLOCKS) {
                all.remove(all.size() - 1);
            }
            all.add(link);
        }
        SlackLimits.cut(all);
        return new SlackMessage(
                SlackText.truncate(words, SlackText.MESSAGE), all.isEmpty() ? null : all, thread(exchange));
    }

    private @Nullable String thread(Exchange exchange) {
        String thread = threadTs == null ? "" : threadTs.render(exchange).strip();
        if (thread.isEmpty()) {
            return null;
        }
        if (!TIME_STAMP.matcher(thread).matches()) {
            throw StepFailure.permanent(
                    "slack-message-sink: threadTs is not a message's time stamp such as 1700000000.000100");
        }
        return thread;
    }

    private static ObjectNode section(String words) {
        ObjectNode section = JsonNodeFactory.instance.objectNode().put("type", "section");
        section.putObject("text").put("type", "mrkdwn").put("text", words);
        return section;
    }

    private @Nullable ObjectNode link(Exchange exchange) {
        String url = linkUrl == null ? "" : linkUrl.render(exchange);
        if (!UrlText.isWeb(url) || url.length() > LONGEST_URL) {
            return null;
        }
        String label = linkText == null
                ? ""
                : SlackText.tidy(linkText.render(exchange)).strip();
        ObjectNode actions = JsonNodeFactory.instance.objectNode().put("type", "actions");
        ObjectNode button = actions.putArray("elements").addObject().put("type", "button");
        button.putObject("text").put("type", "plain_text").put("text", label.isEmpty() ? "Open" : label);
        button.put("url", url);
        return actions;
    }
}
