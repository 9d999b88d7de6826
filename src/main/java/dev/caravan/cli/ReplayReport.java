package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** How a replay's plan and outcome read, in words. */
final class ReplayReport {
    private ReplayReport() {}

    static void plan(PrintWriter out, JsonNode plan, boolean running) {
        long planned = plan.path("deliveries").asLong();
        if (planned > 0) {
            out.println(deliveries(planned) + " would run" + (running ? ":" : " at the node's next start:"));
            out.println();
            Table table = new Table("AUTOMATION", "DELIVERIES", "STATE", "STEPS");
            plan.path("runs")
                    .forEach(part -> table.row(
                            part.path("automation").asText(),
                            part.path("deliveries").asText(),
                            part.path("was").asText("new"),
                            steps(part)));
            table.print(out);
            out.println();
            if (plan.has("eventTypes")) {
                List<String> types = new ArrayList<>();
                plan.path("eventTypes").properties().forEach(type -> types.add(type.getValue() + " " + type.getKey()));
                out.println("New deliveries by event type: " + String.join(", ", types) + ".");
            }
        }
        plan.path("impossible")
                .forEach(cannot -> out.println("Not possible: "
                        + deliveries(cannot.path("deliveries").asLong()) + " of "
                        + cannot.path("automation").asText() + ": "
                        + cannot.path("text").asText() + "."));
        if (planned == 0) {
            out.println("There is nothing to replay.");
        }
        out.flush();
    }

    private static String steps(JsonNode part) {
        String was = part.path("was").asText("new");
        List<String> steps = texts(part.path("steps"));
        if (was.equals("new") || was.equals("succeeded")) {
            String all = was.equals("new") ? "all" : "all anew";
            return steps.isEmpty() ? all : all + ": " + String.join(", ", steps);
        }
        List<String> kept = texts(part.path("keptSteps"));
        String from = part.has("fromStep") ? "from " + part.path("fromStep").asText() : "all";
        return kept.isEmpty() ? from : from + ", without the finished: " + String.join(", ", kept);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    static void done(PrintWriter out, long replayed, boolean running) {
        out.println(deliveries(replayed)
                + (replayed == 1 ? " is due" : " are due")
                + (running ? " now." : " at the node's next start."));
    }

    /** The plan, and how many deliveries were made due, empty where that was not asked for. */
    static Map<String, Object> json(JsonNode plan, OptionalLong replayed) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("plan", plan);
        replayed.ifPresent(count -> view.put("replayed", count));
        return view;
    }

    private static String deliveries(long count) {
        return count == 1 ? "1 delivery" : count + " deliveries";
    }
}
