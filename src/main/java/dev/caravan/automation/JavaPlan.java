package dev.caravan.automation;

import dev.caravan.automation.AutomationState.State;
import dev.caravan.inbox.Breakage;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.builder.RouteBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What one builder defines.
 *
 * @param builder configured, unless that failed
 * @param origin its class
 * @param parameters by Kamelet route id: the values that the uses take by reference
 * @param written the same as the builder has them, by name
 * @param states of its routes; of the class itself where no route could be read
 * @param warnings what should be mended although it runs
 * @param problem why none of it runs
 */
record JavaPlan(
        RouteBuilder builder,
        String origin,
        Map<String, Properties> parameters,
        Map<String, Map<String, String>> written,
        List<AutomationState> states,
        List<Finding> warnings,
        @Nullable Finding problem) {

    /** The same builder, of which nothing runs. */
    JavaPlan broken(String cause) {
        Finding why = Finding.error(origin, 0, cause);
        List<AutomationState> broken = states.isEmpty()
                ? List.of(unread(why))
                : states.stream()
                        .map(state -> state.broken(why.toString(), false))
                        .toList();
        return new JavaPlan(builder, origin, parameters, written, broken, List.of(), why);
    }

    /** The same as others are told it. */
    Breakage breakage(Finding why) {
        return new Breakage(
                origin,
                why.line(),
                why.message(),
                states.stream().map(AutomationState::id).toList(),
                false);
    }

    /** Whether the builder could be read far enough to tell which automations it defines. */
    boolean idsKnown() {
        return states.stream().noneMatch(state -> state.id().equals(origin));
    }

    private AutomationState unread(Finding why) {
        return new AutomationState(
                origin,
                origin,
                0,
                "",
                State.BROKEN,
                false,
                why.toString(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }
}
