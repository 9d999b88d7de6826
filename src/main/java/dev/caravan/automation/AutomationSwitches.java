package dev.caravan.automation;

import dev.caravan.settings.Settings;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** {@code caravan.automation.<id>.enabled}: the automations that are switched on or off by hand. */
public final class AutomationSwitches {
    private static final String PREFIX = "caravan.automation.";
    private static final String SUFFIX = ".enabled";

    private AutomationSwitches() {}

    /** By id whether it is on. A value that is neither true nor false is a problem of the settings. */
    public static Map<String, Boolean> read(Settings settings) {
        Map<String, Boolean> switches = new TreeMap<>();
        for (String key : settings.keys(PREFIX)) {
            if (key.endsWith(SUFFIX) && key.length() > PREFIX.length() + SUFFIX.length()) {
                String id = key.substring(PREFIX.length(), key.length() - SUFFIX.length());
                switches.put(id, settings.flag(key, true));
            }
        }
        return Collections.unmodifiableMap(switches);
    }

    static String key(String id) {
        return PREFIX + id + SUFFIX;
    }

    /** The switches that no automation has. */
    static List<Finding> idle(Map<String, Boolean> switches, Set<String> ids) {
        return switches.keySet().stream()
                .filter(id -> !ids.contains(id))
                .map(id -> Finding.warning(
                        "application.properties",
                        0,
                        key(id) + " names no automation; check its id or remove the line."))
                .toList();
    }
}
