package dev.caravan.automation;

import dev.caravan.automation.AutomationState.State;
import dev.caravan.inbox.Breakage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All automations of a directory: loads them once the Camel context is started, and brings what runs in line with each
 * change of a file. Each file stands alone: what is wrong with one leaves the others, and its own last good version,
 * running.
 *
 * <p>Safe for use by several threads; changes happen one after another. {@link #states()} never waits.
 */
public final class Automations {
    private static final Logger LOG = LoggerFactory.getLogger(Automations.class);

    private final Kamelets kamelets;
    private final RoutePlanner planner;
    private final ScratchCheck scratch;
    private final RunningRoutes running;
    private final RouteDirectory directory;
    private final SubscriptionKeeper subscriptions;
    private final JavaAutomations java;
    private final Map<String, Boolean> switches;
    private final SortedMap<String, RouteSlot> slots = new TreeMap<>();
    private final Map<String, AutomationState> removed = new LinkedHashMap<>();
    private volatile List<AutomationState> states = List.of();
    private Consumer<List<Breakage>> breakages = all -> {};

    /**
     * The automations of one directory, none loaded yet.
     *
     * @param context started before {@link #start}; may not be yet
     * @param base DIR, that holds {@code routes/} and {@code kamelets/}
     * @param scratchSetup adds to a never-started context the components that {@code context} was given by hand
     */
    public Automations(
            CamelContext context,
            Path base,
            RouteSettings settings,
            Kamelets kamelets,
            Subscriptions subscriptions,
            Consumer<CamelContext> scratchSetup) {
        this.kamelets = kamelets;
        this.switches = settings.switches();
        this.planner = new RoutePlanner(settings, kamelets);
        this.scratch = new ScratchCheck(context, kamelets, settings, scratchSetup);
        this.running = new RunningRoutes(context, kamelets);
        this.directory = RouteDirectory.routes(base);
        this.subscriptions = new SubscriptionKeeper(subscriptions);
        this.java = new JavaAutomations(new JavaPlanner(context, settings, kamelets), running, this.subscriptions);
    }

    /**
     * Loads the builders, then every route file, and starts what is on. Call once.
     *
     * @throws IOException if {@code routes/} cannot be read
     */
    public synchronized void start(Collection<? extends RouteBuilder> builders) throws IOException {
        java.start(builders);
        SortedMap<String, String> texts = directory.read();
        texts.forEach((file, text) -> slots.put(file, new RouteSlot(file, text)));
        texts.keySet().forEach(this::load);
        finish();
        if (tellDefined()) {
            AutomationSwitches.idle(switches, definedIds()).forEach(idle -> LOG.warn("{}", idle));
        }
    }

    /** Names who is told, after the start and after each change, everything that is broken then. Call before {@link #start}. */
    public synchronized void watch(Consumer<List<Breakage>> observer) {
        breakages = observer;
    }

    /** Every automation, by id; what was deleted while this process ran comes last. Immutable. */
    public List<AutomationState> states() {
        return states;
    }

    /**
     * Brings what runs in line with files that were saved or deleted. Changes that belong together, as a rename does,
     * belong in one call: an automation that moves to another file stays subscribed.
     *
     * @param changes name ({@code routes/x.yaml}) to new text, empty for a deleted file
     */
    public synchronized void apply(Map<String, Optional<String>> changes) {
        Set<String> before = definedIds();
        Map<String, RouteSlot> gone = new HashMap<>();
        changes.forEach((file, text) -> {
            RouteSlot slot = slots.get(file);
            if (text.isPresent()) {
                slots.computeIfAbsent(file, name -> new RouteSlot(name, "")).text = text.get();
            } else if (slot != null) {
                gone.put(file, slot);
                slots.remove(file);
            }
        });
        gone.values().forEach(slot -> takeOut(slot.good));
        changes.forEach((file, text) -> text.ifPresent(ignored -> load(file)));
        slots.values().stream()
                .filter(slot -> slot.conflict)
                .map(slot -> slot.file)
                .toList()
                .forEach(this::load);
        settleIds(before, gone.values());
        finish();
        tellDefined();
    }

    /** Tells which automations there are, unless a file that cannot be read may define more. */
    private boolean tellDefined() {
        boolean known = java.idsKnown() && slots.values().stream().allMatch(RouteSlot::idsKnown);
        if (known) {
            subscriptions.defined(definedIds());
        }
        return known;
    }

    /** Reads changed Kamelets again and reloads the files that use them. */
    public synchronized void kameletsChanged(Set<String> names) {
        for (RouteSlot slot : List.copyOf(slots.values())) {
            FilePlan good = slot.good;
            boolean uses = good != null && good.kamelets().stream().anyMatch(names::contains);
            if (uses || slot.error != null) {
                load(slot.file, names);
            }
        }
        finish();
    }

    Map<String, String> texts() {
        Map<String, String> texts = new HashMap<>();
        synchronized (this) {
            slots.forEach((file, slot) -> texts.put(file, slot.text));
        }
        return texts;
    }

    private void load(String file) {
        load(file, Set.of());
    }

    private void load(String file, Set<String> freshKamelets) {
        RouteSlot slot = Objects.requireNonNull(slots.get(file));
        RouteFile parsed = RouteFileParser.parse(file, slot.text, kamelets);
        slot.attempted = parsed;
        slot.conflict = false;
        Optional<Finding> error = parsed.firstError().or(() -> conflict(parsed, slot));
        FilePlan plan = error.isPresent() ? null : planner.plan(parsed);
        if (plan != null) {
            error = plan.firstError();
        }
        if (plan != null && error.isEmpty()) {
            error = scratch.check(plan).stream().filter(Finding::isError).findFirst();
        }
        slot.error = error.orElse(null);
        if (plan != null && error.isEmpty()) {
            slot.error = swap(slot, plan, freshKamelets);
        }
        slot.report(LOG);
    }

    /** Stops the old version, starts the new one; on a failure puts the old one back and says what failed. */
    private @Nullable Finding swap(RouteSlot slot, FilePlan plan, Set<String> freshKamelets) {
        FilePlan old = slot.good;
        takeOut(old);
        try {
            running.forgetKamelets(freshKamelets);
            putIn(plan);
            slot.good = plan;
            return null;
        } catch (Exception e) {
            takeOut(plan);
            if (old != null) {
                putBack(slot, old);
            }
            return CamelFailure.finding(slot.file, plan.source().firstLine(), e);
        }
    }

    private void putIn(FilePlan plan) throws Exception {
        running.add(plan);
        for (AutomationState state : plan.states()) {
            if (state.state() == State.ON) {
                subscriptions.about(state);
            }
        }
        for (String id : plan.routeIds()) {
            running.start(id);
        }
    }

    private void putBack(RouteSlot slot, FilePlan old) {
        try {
            putIn(old);
        } catch (Exception e) {
            takeOut(old);
            slot.good = null;
            LOG.error("{}: its last good version could not be started again: {}", slot.file, CamelFailure.message(e));
        }
    }

    private void takeOut(@Nullable FilePlan plan) {
        if (plan != null) {
            try {
                running.remove(plan.routeIds());
                running.forget(plan);
            } catch (Exception e) {
                LOG.error("{}: its routes could not be removed: {}", plan.file(), CamelFailure.message(e));
            }
        }
    }

    private Optional<Finding> conflict(RouteFile parsed, RouteSlot mine) {
        Map<String, String> taken = new HashMap<>(java.idPlaces());
        for (RouteSlot other : slots.values()) {
            if (other != mine) {
                taken.putAll(other.idPlaces());
            }
        }
        Optional<Finding> found = RouteConflicts.find(parsed, taken);
        mine.conflict = found.isPresent();
        return found;
    }

    /** Ids that no definition has any more are deleted automations. */
    private void settleIds(Set<String> before, Collection<RouteSlot> gone) {
        Set<String> now = definedIds();
        removed.keySet().removeAll(now);
        for (String id : before) {
            if (!now.contains(id)) {
                subscriptions.unsubscribe(id);
                lastState(id, gone).ifPresent(state -> {
                    removed.put(id, state.removed());
                    LOG.info("{}: automation {} is removed, its definition was deleted.", state.origin(), id);
                });
            }
        }
    }

    private Optional<AutomationState> lastState(String id, Collection<RouteSlot> gone) {
        List<AutomationState> all = new ArrayList<>(states);
        gone.forEach(slot -> all.addAll(slot.states(running)));
        return all.stream().filter(state -> state.id().equals(id)).findFirst();
    }

    private Set<String> definedIds() {
        Set<String> ids = new HashSet<>(java.idPlaces().keySet());
        slots.values().forEach(slot -> ids.addAll(slot.routeIds()));
        return ids;
    }

    private void finish() {
        List<AutomationState> all = new ArrayList<>(java.states());
        slots.values().forEach(slot -> all.addAll(slot.states(running)));
        all.sort(Comparator.comparing(AutomationState::id));
        all.addAll(removed.values());
        states = List.copyOf(all);
        List<Breakage> broken = new ArrayList<>(java.breakages());
        slots.values().forEach(slot -> slot.breakage(running).ifPresent(broken::add));
        breakages.accept(broken);
    }
}
