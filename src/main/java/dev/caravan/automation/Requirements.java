package dev.caravan.automation;

import dev.caravan.automation.RouteFile.PlaceholderUse;
import dev.caravan.automation.RouteFile.Step;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Resolves the placeholders of automations: which keys lack a value, which steps are left out for it. */
final class Requirements {
    private static final int SHORTEST_SECRET = 4;

    private final RouteSettings.Placeholders placeholders;

    Requirements(RouteSettings.Placeholders placeholders) {
        this.placeholders = placeholders;
    }

    /** What a part of a file lacks. */
    record Lack(Set<String> missing, Set<Step> skipped) {}

    Lack lackOf(List<PlaceholderUse> uses) {
        Set<Step> skipped = new LinkedHashSet<>();
        for (PlaceholderUse use : uses) {
            if (use.placeholder().optional()
                    && use.step() != null
                    && value(use.placeholder(), new TreeSet<>()).isEmpty()) {
                skipped.add(use.step());
            }
        }
        Set<String> missing = new TreeSet<>();
        for (PlaceholderUse use : uses) {
            Step step = use.step();
            boolean left = step != null
                    && skipped.stream().anyMatch(out -> step.region().within(out.region()));
            if (!left) {
                value(use.placeholder(), missing);
            }
        }
        return new Lack(missing, skipped);
    }

    /** The keys without a value in a text, whether optional or not. */
    Set<String> missingIn(String text) {
        Set<String> missing = new TreeSet<>();
        Placeholder.in(text).forEach(found -> value(found, missing));
        return missing;
    }

    /** The text with every placeholder's value in place; call it only where {@link #lackOf} found nothing missing. */
    String resolved(String text) {
        String required = text;
        for (Placeholder found : Placeholder.in(text)) {
            required = required.replace(found.written(), found.required());
        }
        return placeholders.resolve(required, new TreeSet<>()).orElse("");
    }

    /** The text with the values of these placeholders, which may be secrets, taken back out. */
    String withoutValues(String text, List<Placeholder> used) {
        String out = text;
        for (Placeholder placeholder : used) {
            String value = resolved(placeholder.written()).strip();
            if (value.length() >= SHORTEST_SECRET) {
                out = out.replace(value, placeholder.written());
            }
        }
        return out;
    }

    private Optional<String> value(Placeholder placeholder, Set<String> missing) {
        Set<String> lacking = new TreeSet<>();
        Optional<String> value = placeholders.resolve(placeholder.required(), lacking);
        if (value.isPresent() && value.get().isEmpty() && !hasDefault(placeholder.body())) {
            lacking.add(placeholder.body());
            value = Optional.empty();
        }
        missing.addAll(lacking);
        return value;
    }

    private static boolean hasDefault(String body) {
        boolean function = body.startsWith("env:") || body.startsWith("sys:");
        return body.indexOf(':', function ? 4 : 0) >= 0;
    }
}
