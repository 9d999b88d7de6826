package dev.caravan.cli;

import dev.caravan.automation.AutomationState;
import dev.caravan.selftest.Tally;
import dev.caravan.selftest.Verdict;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A self-test's verdict for people and for programs. */
final class SelfTestReport {
    private static final int SHOWN = 5;

    private SelfTestReport() {}

    static void print(Verdict verdict, PrintWriter out) {
        Tally tally = verdict.tally();
        line(out, "sent", tally.sent(), "signed events");
        line(out, "accepted", tally.accepted(), "answered 200");
        line(out, "lost", tally.lost().size(), "accepted and not stored, or stored and not delivered");
        line(out, "doubled", tally.doubled().size(), "stored twice, or a finished step done again");
        line(
                out,
                "repeated",
                tally.repeated(),
                "effects of " + tally.effects() + " that a kill left unrecorded: at least once");
        line(
                out,
                "kills",
                verdict.kills(),
                "kill -9 of " + (verdict.nodes() == 1 ? "the node" : verdict.nodes() + " nodes in turn")
                        + " while events came in");
        out.println("answered in  " + millis(tally.p50()) + " ms (half), " + millis(tally.p99()) + " ms (99 of 100)");
        out.println("deliveries   " + deliveries(tally));
        out.println("took         " + seconds(verdict.took()) + " s");
        examples(out, "LOST", tally.lost());
        examples(out, "DOUBLED", tally.doubled());
        counts(out, "NOT ACCEPTED", tally.refused());
        if (tally.unanswered() > 0) {
            out.println("NOT ANSWERED: " + tally.unanswered() + " events");
        }
        counts(out, "NOT DELIVERED", tally.failures());
        automations(out, verdict);
        out.println("INBOX: " + verdict.database() + ", one of the self-test's own");
        out.println();
        out.println(sentence(verdict));
    }

    private static void line(PrintWriter out, String what, int count, String meaning) {
        out.println(String.format(Locale.ROOT, "%-12s %-7d %s", what, count, meaning));
    }

    private static void examples(PrintWriter out, String head, List<String> sentences) {
        if (!sentences.isEmpty()) {
            out.println(head + ":");
            sentences.stream().limit(SHOWN).forEach(sentence -> out.println("    " + sentence));
            more(out, sentences.size());
        }
    }

    private static void counts(PrintWriter out, String head, Map<String, Integer> counts) {
        if (!counts.isEmpty()) {
            out.println(head + ":");
            counts.entrySet().stream()
                    .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                    .limit(SHOWN)
                    .forEach(one -> out.println("    " + one.getValue() + " x " + one.getKey()));
            more(out, counts.size());
        }
    }

    private static void more(PrintWriter out, int all) {
        if (all > SHOWN) {
            out.println("    and " + (all - SHOWN) + " more");
        }
    }

    private static void automations(PrintWriter out, Verdict verdict) {
        out.println();
        out.println("TOOK PART: " + names(verdict.tested()));
        if (verdict.probe()) {
            out.println("    None of your automations is on, so one of the self-test's own took part.");
        }
        verdict.notTested().forEach(state -> out.println("OFF: " + DemoReport.sentence(state)));
        if (!verdict.silent().isEmpty()) {
            out.println("NO EVENTS: there is no sample for " + String.join(", ", verdict.silent()));
        }
    }

    private static String names(List<AutomationState> states) {
        return states.stream().map(AutomationState::id).collect(Collectors.joining(", "));
    }

    private static String deliveries(Tally tally) {
        return tally.deliveries().isEmpty()
                ? "none"
                : tally.deliveries().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(one -> one.getValue() + " " + one.getKey().label())
                        .collect(Collectors.joining(", "));
    }

    private static String sentence(Verdict verdict) {
        if (verdict.good()) {
            return "PASSED: nothing lost, nothing doubled.";
        }
        if (!verdict.inTime()) {
            return "FAILED: not finished in time; give it more with --timeout.";
        }
        Tally tally = verdict.tally();
        return tally.lost().isEmpty() && tally.doubled().isEmpty()
                ? "FAILED: " + (tally.sent() - tally.accepted()) + " events were not accepted."
                : "FAILED: " + tally.lost().size() + " lost, " + tally.doubled().size() + " doubled.";
    }

    static Map<String, Object> json(Verdict verdict) {
        Tally tally = verdict.tally();
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("passed", verdict.good());
        view.put("sent", tally.sent());
        view.put("accepted", tally.accepted());
        view.put("lost", tally.lost().size());
        view.put("doubled", tally.doubled().size());
        view.put("repeatedInWindow", tally.repeated());
        view.put("effects", tally.effects());
        view.put("ackP50Millis", Double.valueOf(millis(tally.p50())));
        view.put("ackP99Millis", Double.valueOf(millis(tally.p99())));
        view.put("database", verdict.database());
        view.put("nodes", verdict.nodes());
        view.put("kills", verdict.kills());
        view.put("seconds", Double.valueOf(seconds(verdict.took())));
        view.put("inTime", verdict.inTime());
        Map<String, Integer> states = new LinkedHashMap<>();
        tally.deliveries().forEach((state, count) -> states.put(state.label(), count));
        view.put("deliveries", states);
        view.put("lostWhat", tally.lost());
        view.put("doubledWhat", tally.doubled());
        view.put("refused", tally.refused());
        view.put("unanswered", tally.unanswered());
        view.put("notDelivered", tally.failures());
        view.put(
                "automations",
                verdict.tested().stream().map(AutomationState::id).toList());
        view.put("probe", verdict.probe());
        Map<String, String> off = new LinkedHashMap<>();
        verdict.notTested().forEach(state -> off.put(state.id(), state.reason()));
        view.put("off", off);
        view.put("sourcesWithoutSamples", verdict.silent());
        return view;
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.1f", time.toNanos() / 1e6);
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f", time.toNanos() / 1e9);
    }
}
