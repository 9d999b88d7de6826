package dev.caravan.dryrun;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A captured request that sends a message to Slack.
 *
 * @param channel as the request names it, empty for a webhook, whose channel only Slack knows
 * @param text as it went out
 */
record SlackRequest(boolean webhook, String channel, String text) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Empty if the request is no message to Slack. */
    static Optional<SlackRequest> of(CapturedRequest request) {
        boolean webhook = request.host().equals("hooks.slack.com");
        boolean post = request.host().equals("slack.com") && request.path().startsWith("/api/chat.");
        if (!webhook && !post) {
            return Optional.empty();
        }
        Map<String, String> fields = fields(request);
        return Optional.of(
                new SlackRequest(webhook, fields.getOrDefault("channel", ""), fields.getOrDefault("text", "")));
    }

    private static Map<String, String> fields(CapturedRequest request) {
        String body = request.text();
        return body.stripLeading().startsWith("{") ? jsonFields(body) : formFields(body);
    }

    private static Map<String, String> jsonFields(String body) {
        Map<String, String> fields = new LinkedHashMap<>();
        try {
            JsonNode json = JSON.readTree(body);
            json.fieldNames()
                    .forEachRemaining(name -> fields.put(name, json.path(name).asText()));
        } catch (JsonProcessingException notJson) {
            return Map.of();
        }
        return fields;
    }

    private static Map<String, String> formFields(String body) {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String pair : body.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            return text;
        }
    }
}
