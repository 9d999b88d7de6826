package dev.caravan.source;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of a vendor: the keys of a source, and {@code method.METHOD.…} for what holds for one method. */
record Preset(String name, Map<String, String> options) {
    /** The preset of a source that names none. */
    static final Preset NONE = new Preset("", Map.of());

    @Nullable String option(String option) {
        return options.get(option);
    }
}
