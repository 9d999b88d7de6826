package dev.caravan.sink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts blocks to what Slack takes: it refuses the whole message where one block is too long. The lengths are those of the
 * Block Kit reference and of Slack's own SDKs; the sum over all blocks is not documented (bolt-js#2509 saw a refusal near
 * 13,200).
 */
final class SlackLimits {
    static final int BLOCKS = 50;
    static final int SECTION = 3_000;
    static final int BUTTON = 75;

    private static final int FIELD = 2_000;
    private static final int HEADER = 150;
    private static final int TOTAL = 12_000;

    private SlackLimits() {}

    /** One text within the blocks, and how long it may be. */
    private record Place(ObjectNode holder, int limit) {
        int length() {
            return holder.path("text").asText().length();
        }

        void cut(int share) {
            String text = holder.path("text").asText();
            holder.put("text", SlackText.truncate(text, Math.min(limit, share)));
        }
    }

    static void cut(ArrayNode blocks) {
        while (blocks.size() > BLOCKS) {
            blocks.remove(blocks.size() - 1);
        }
        List<Place> places = new ArrayList<>();
        blocks.forEach(block -> collect(block, places));
        places.forEach(place -> place.cut(Integer.MAX_VALUE));
        int total = places.stream().mapToInt(Place::length).sum();
        if (total > TOTAL) {
            int share = TOTAL / places.size();
            places.forEach(place -> place.cut(share));
        }
    }

    private static void collect(JsonNode block, List<Place> places) {
        switch (block.path("type").asText()) {
            case "header" -> text(block.path("text"), HEADER, places);
            case "section" -> {
                text(block.path("text"), SECTION, places);
                block.path("fields").forEach(field -> text(field, FIELD, places));
            }
            case "context" -> block.path("elements").forEach(element -> text(element, SECTION, places));
            case "actions" -> block.path("elements").forEach(element -> text(element.path("text"), BUTTON, places));
            case "markdown" -> text(block, TOTAL, places);
            default -> {}
        }
    }

    private static void text(JsonNode holder, int limit, List<Place> places) {
        if (holder instanceof ObjectNode object && object.path("text").isTextual()) {
            places.add(new Place(object, limit));
        }
    }
}
