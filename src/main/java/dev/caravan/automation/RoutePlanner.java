package dev.caravan.automation;

import dev.caravan.automation.AutomationState.State;
import dev.caravan.automation.RouteFile.KameletUse;
import dev.caravan.automation.RouteFile.Part;
import dev.caravan.automation.RouteFile.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/** Decides for a well-formed route file what of it runs, and with which values. */
final class RoutePlanner {
    /** Name of the bean that stands in for a skipped step. */
    static final String SKIPPED_STEP = "caravanSkippedStep";

    /** An item that means nothing to Camel, in a block list as in a flow list. */
    private static final String NOTHING = "{beans: []}";

    private final RouteSettings settings;
    private final Requirements requirements;
    private final Kamelets kamelets;

    RoutePlanner(RouteSettings settings, Kamelets kamelets) {
        this.settings = settings;
        this.requirements = new Requirements(settings.placeholders());
        this.kamelets = kamelets;
    }

    FilePlan plan(RouteFile file) {
        TextEdits edits = new TextEdits();
        Map<String, Properties> parameters = new HashMap<>();
        Map<String, Map<String, String>> written = new HashMap<>();
        List<AutomationState> states = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        Set<String> shared = new TreeSet<>();
        for (Part part : file.parts()) {
            if (!part.isRoute()) {
                Requirements.Lack lack = requirements.lackOf(part.placeholders());
                shared.addAll(lack.missing());
                apply(edits, parameters, written, file, part, lack);
            }
        }
        for (Part route : file.routes()) {
            Requirements.Lack lack = requirements.lackOf(route.placeholders());
            lack.missing().addAll(shared);
            AutomationState state = state(file, route, lack);
            states.add(state);
            if (lack.missing().isEmpty()) {
                findings.addAll(InboxOptions.check(file.name(), route, requirements::resolved));
                findings.addAll(unconfigured(settings, state, route.fromLine()));
            }
            if (state.state() == State.ON) {
                apply(edits, parameters, written, file, route, lack);
            } else {
                edits.replace(route.region(), NOTHING);
            }
        }
        return new FilePlan(
                file,
                edits.apply(file.text()),
                Map.copyOf(parameters),
                Map.copyOf(written),
                Set.copyOf(file.parts().stream()
                        .flatMap(part -> part.kamelets().stream())
                        .map(KameletUse::name)
                        .toList()),
                states.stream()
                        .filter(state -> state.state() == State.ON)
                        .map(AutomationState::id)
                        .toList(),
                names(file, "beans"),
                names(file, "routeConfiguration"),
                List.copyOf(states),
                List.copyOf(findings));
    }

    private static List<String> names(RouteFile file, String kind) {
        return file.parts().stream()
                .filter(part -> part.kind().equals(kind))
                .flatMap(part -> part.names().stream())
                .toList();
    }

    private AutomationState state(RouteFile file, Part route, Requirements.Lack lack) {
        Map<String, String> from = new LinkedHashMap<>();
        boolean complete = lack.missing().isEmpty();
        route.parameters()
                .forEach((key, option) ->
                        from.put(key, complete ? requirements.resolved(option.value()) : option.value()));
        Origin origin = Origin.of(complete ? requirements.resolved(route.from()) : route.from(), from);
        List<String> skipped = lack.skipped().stream().map(Step::label).toList();
        List<String> steps = route.steps().stream()
                .filter(step -> StepKinds.isOutsideEffect(step.kind()))
                .filter(step ->
                        lack.skipped().stream().noneMatch(left -> step.region().within(left.region())))
                .map(Step::label)
                .toList();
        return stateOf(
                        settings,
                        route.id(),
                        file.name(),
                        route.line(),
                        route.description(),
                        origin,
                        lack.missing(),
                        skipped)
                .withSteps(steps);
    }

    static AutomationState stateOf(
            RouteSettings settings,
            String id,
            String file,
            int line,
            String description,
            Origin origin,
            Collection<String> lacking,
            List<String> skipped) {
        List<String> missing = new ArrayList<>(lacking);
        String reason = "";
        if (!settings.switches().getOrDefault(id, true)) {
            reason = "it is switched off by " + AutomationSwitches.key(id);
        } else if (!missing.isEmpty()) {
            reason = "these settings have no value: " + String.join(", ", missing);
        } else if (origin.isInbox() && origin.sources().stream().noneMatch(name -> configured(settings, name))) {
            origin.sources().forEach(name -> missing.add("caravan.source." + name));
            reason = "its source is not configured: " + String.join(", ", missing);
        }
        State state = reason.isEmpty() ? State.ON : State.OFF;
        return new AutomationState(
                id,
                file,
                line,
                description,
                state,
                state == State.ON,
                reason,
                missing,
                skipped,
                origin.sources(),
                origin.events(),
                List.of());
    }

    /** The sources that an automation lacks although it is on with others. */
    static List<Finding> unconfigured(RouteSettings settings, AutomationState state, int line) {
        return state.sources().stream()
                .filter(name -> state.state() == State.ON && !configured(settings, name))
                .map(name -> Finding.warning(
                        state.origin(),
                        line,
                        "source `" + name + "` is not configured, so no event of it arrives; set its caravan.source."
                                + name + " keys or take it out."))
                .toList();
    }

    private static boolean configured(RouteSettings settings, String source) {
        return source.equals("*") || settings.sourceConfigured().test(source);
    }

    private void apply(
            TextEdits edits,
            Map<String, Properties> parameters,
            Map<String, Map<String, String>> written,
            RouteFile file,
            Part part,
            Requirements.Lack lack) {
        for (Step step : lack.skipped()) {
            String id = step.id().isEmpty() ? "" : "id: " + step.id() + ", ";
            edits.replace(step.region(), "{process: {" + id + "ref: " + SKIPPED_STEP + "}}");
        }
        for (KameletUse use : part.kamelets()) {
            boolean skipped =
                    lack.skipped().stream().anyMatch(step -> use.step().region().within(step.region()));
            if (!skipped && lack.missing().isEmpty()) {
                String id = use.routeId(file.ownerId(part));
                edits.replace(use.uri(), "\"kamelet:" + use.name() + "/" + id + "\"");
                if (use.parameters() != null) {
                    edits.replace(use.parameters(), "{}");
                }
                parameters.put(id, values(use));
                written.put(id, written(use));
            }
        }
    }

    private static Map<String, String> written(KameletUse use) {
        Map<String, String> texts = new HashMap<>();
        use.values().forEach((key, node) -> texts.put(key, YamlText.value(node, text -> text)));
        return Map.copyOf(texts);
    }

    private Properties values(KameletUse use) {
        boolean shipped =
                kamelets.find(use.name()).map(Kamelets.Definition::shipped).orElse(false);
        Properties values = new Properties();
        use.values().forEach((key, node) -> {
            if (!YamlText.isNull(node)) {
                String value = YamlText.value(node, requirements::resolved);
                values.setProperty(key, shipped ? settings.encode().apply(value) : value);
            }
        });
        return values;
    }
}
