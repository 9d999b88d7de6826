package dev.caravan.automation;

import dev.caravan.automation.AutomationState.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;

/** What {@code caravan check} says of the automations: the same reading and planning as when running, nothing started. */
public final class RoutesCheck {
    private final RouteDirectory directory;
    private final Kamelets kamelets;
    private final RoutePlanner planner;
    private final JavaPlanner java;
    private final ScratchCheck scratch;
    private final Map<String, Boolean> switches;

    /**
     * The outcome.
     *
     * @param findings everything found, in Java first, then file by file
     * @param states each automation as it would start, by id
     */
    public record Report(List<Finding> findings, List<AutomationState> states) {
        public Report {
            findings = List.copyOf(findings);
            states = List.copyOf(states);
        }

        /** Whether a file would be refused; automations that are off are not counted. */
        public boolean hasErrors() {
            return findings.stream().anyMatch(Finding::isError);
        }
    }

    /**
     * A check of one directory.
     *
     * @param beans a context with the beans and properties that routes may use; need not be started
     * @param scratchSetup as for {@link Automations}
     */
    public RoutesCheck(
            CamelContext beans,
            Path base,
            RouteSettings settings,
            Kamelets kamelets,
            Consumer<CamelContext> scratchSetup) {
        this.directory = RouteDirectory.routes(base);
        this.kamelets = kamelets;
        this.switches = settings.switches();
        this.planner = new RoutePlanner(settings, kamelets);
        this.java = new JavaPlanner(beans, settings, kamelets);
        this.scratch = new ScratchCheck(beans, kamelets, settings, scratchSetup);
    }

    /**
     * Checks the builders and every file. Call once.
     *
     * @throws IOException if {@code routes/} or {@code kamelets/} cannot be read
     */
    public Report run(Collection<? extends RouteBuilder> builders) throws IOException {
        List<Finding> findings = new ArrayList<>();
        List<AutomationState> states = new ArrayList<>();
        findings.addAll(kamelets.findings());
        Set<String> ids = new HashSet<>();
        AtomicBoolean idsKnown = new AtomicBoolean(true);
        for (RouteBuilder builder : builders) {
            JavaPlan plan = java.plan(builder);
            idsKnown.compareAndSet(true, plan.idsKnown());
            states.addAll(plan.states());
            findings.addAll(plan.warnings());
            Optional.ofNullable(plan.problem()).ifPresent(findings::add);
        }
        Map<String, String> taken = new HashMap<>(java.idPlaces());
        directory.read().forEach((file, text) -> {
            RouteFile parsed = RouteFileParser.parse(file, text, kamelets);
            List<Finding> found = new ArrayList<>(parsed.findings());
            RouteConflicts.find(parsed, taken).ifPresent(found::add);
            RouteConflicts.ids(parsed).forEach((id, line) -> taken.putIfAbsent(id, file + ":" + line));
            RouteSlot slot = new RouteSlot(file, text);
            slot.attempted = parsed;
            List<AutomationState> planned = List.of();
            if (found.stream().noneMatch(Finding::isError)) {
                FilePlan plan = planner.plan(parsed);
                planned = plan.states();
                found.addAll(plan.findings());
                if (plan.firstError().isEmpty()) {
                    found.addAll(scratch.check(plan));
                }
            }
            slot.error = found.stream().filter(Finding::isError).findFirst().orElse(null);
            states.addAll(slot.error == null ? planned : slot.brokenStates(slot.error));
            findings.addAll(found);
            ids.addAll(slot.routeIds());
            idsKnown.compareAndSet(true, slot.idsKnown());
        });
        ids.addAll(java.idPlaces().keySet());
        if (idsKnown.get()) {
            findings.addAll(AutomationSwitches.idle(switches, ids));
        }
        states.sort(Comparator.comparing(AutomationState::id));
        return new Report(findings, states);
    }

    /** The automations of a report that would not run for want of settings. */
    public static List<AutomationState> off(Report report) {
        return report.states().stream()
                .filter(state -> state.state() == State.OFF)
                .toList();
    }
}
