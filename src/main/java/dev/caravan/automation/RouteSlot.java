package dev.caravan.automation;

import dev.caravan.inbox.Breakage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** One route file while the process runs: its latest text, what is wrong with that, and what runs of it. */
final class RouteSlot {
    final String file;
    String text;

    /** The latest text as read, good or not. */
    @Nullable RouteFile attempted;

    /** The version that runs. */
    @Nullable FilePlan good;

    @Nullable Finding error;

    /** The error is an id that another file has: it may go away with a change of that file. */
    boolean conflict;

    RouteSlot(String file, String text) {
        this.file = file;
        this.text = text;
    }

    /** Ids in use, each with where it stands; of a broken file those of the version that runs and of the attempt. */
    Map<String, String> idPlaces() {
        Map<String, String> places = new HashMap<>();
        if (attempted != null && error == null) {
            RouteConflicts.ids(attempted).forEach((id, line) -> places.put(id, file + ":" + line));
        }
        if (good != null) {
            RouteConflicts.ids(good.source()).forEach((id, line) -> places.put(id, file + ":" + line));
        }
        return places;
    }

    Set<String> routeIds() {
        Set<String> ids = new HashSet<>();
        if (attempted != null) {
            ids.addAll(attempted.routeLines().keySet());
        }
        if (good != null && error != null) {
            ids.addAll(good.source().routeLines().keySet());
        }
        return ids;
    }

    /** Whether the file could be read far enough to tell which automations it defines. */
    boolean idsKnown() {
        return attempted != null && (error == null || !attempted.routeLines().isEmpty());
    }

    List<AutomationState> states(RunningRoutes running) {
        Finding wrong = error;
        if (wrong == null) {
            return good == null ? List.of() : good.states();
        }
        if (good != null && !good.states().isEmpty()) {
            return good.states().stream()
                    .map(state -> state.broken(wrong.toString(), running.isRunning(state.id())))
                    .toList();
        }
        return brokenStates(wrong);
    }

    List<AutomationState> brokenStates(Finding wrong) {
        Map<String, Integer> lines = attempted == null ? Map.of() : attempted.routeLines();
        return lines.isEmpty()
                ? List.of(unread(RouteFile.stem(file), wrong.line(), wrong))
                : lines.entrySet().stream()
                        .map(route -> unread(route.getKey(), route.getValue(), wrong))
                        .toList();
    }

    /** That the latest text cannot run, if so. */
    Optional<Breakage> breakage(RunningRoutes running) {
        Finding wrong = error;
        if (wrong == null) {
            return Optional.empty();
        }
        List<AutomationState> broken = states(running);
        return Optional.of(new Breakage(
                file,
                wrong.line(),
                wrong.message(),
                broken.stream().map(AutomationState::id).toList(),
                broken.stream().anyMatch(AutomationState::running)));
    }

    private AutomationState unread(String id, int line, Finding wrong) {
        return new AutomationState(
                id,
                file,
                line,
                "",
                AutomationState.State.BROKEN,
                false,
                wrong.toString(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    void report(Logger log) {
        if (error != null) {
            log.warn("{} {}", error, good == null ? "It does not run." : "The last good version keeps running.");
        } else if (good != null) {
            good.findings().forEach(finding -> log.warn("{}", finding));
            good.states().stream()
                    .filter(state -> state.state() == AutomationState.State.OFF)
                    .forEach(state -> log.warn(
                            "{}:{}: automation {} is off: {}.", file, state.line(), state.id(), state.reason()));
            log.info("{} loaded, routes that run: {}.", file, good.routeIds());
        }
    }
}
