package dev.caravan.runtime;

import dev.caravan.settings.Settings;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a node does of all that Caravan does. */
public enum Role {
    /** It answers vendors and stores their events. */
    RECEIVE,
    /** It has the automations and runs their deliveries. */
    DELIVER;

    private static final String KEY = "caravan.roles";

    /** Reads {@code caravan.roles}; all where it says nothing. */
    static Set<Role> read(Settings settings, boolean sharedInbox) {
        Optional<String> text = settings.text(KEY).filter(given -> !given.isBlank());
        if (text.isEmpty()) {
            return EnumSet.allOf(Role.class);
        }
        Set<Role> roles = EnumSet.noneOf(Role.class);
        for (String name : text.get().split(",", -1)) {
            Optional<Role> role = of(name.strip());
            if (role.isEmpty()) {
                settings.problem(KEY, "is `" + text.get() + "`: write receive, deliver, or both with a comma.");
                return EnumSet.allOf(Role.class);
            }
            roles.add(role.get());
        }
        if (!sharedInbox && roles.size() < values().length) {
            settings.problem(
                    KEY,
                    "is `" + text.get()
                            + "`, and no other node can do the rest without caravan.inbox.url: set that, or leave this out.");
        }
        return roles;
    }

    private static Optional<Role> of(String name) {
        return Arrays.stream(values())
                .filter(role -> role.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst();
    }
}
