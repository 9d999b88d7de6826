package dev.caravan.sink;

import com.fasterxml.jackson.databind.node.ArrayNode;
import org.jspecify.annotations.Nullable;

/**
 * A message as it goes to Slack.
 *
 * @param text escaped and cut
 * @param blocks cut; null if there are none
 * @param thread the time stamp of the message to answer, null if it starts a thread of its own
 */
record SlackMessage(
        String text, @Nullable ArrayNode blocks, @Nullable String thread) {}
