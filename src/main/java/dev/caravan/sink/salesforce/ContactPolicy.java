package dev.caravan.sink.salesforce;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What happens where not exactly one contact has the e-mail address. */
record ContactPolicy(None none, Several several) {
    /** No contact has it. */
    enum None {
        FAIL,
        SKIP,
        CREATE
    }

    /** Several contacts have it. */
    enum Several {
        FAIL,
        NEWEST,
        ALL,
        SKIP
    }

    /** @throws IllegalArgumentException if a text is no policy; the message names the parameter */
    static ContactPolicy of(String kamelet, @Nullable String whenNone, @Nullable String whenSeveral) {
        return new ContactPolicy(
                one(None.class, None.FAIL, whenNone, kamelet, "whenNone"),
                one(Several.class, Several.FAIL, whenSeveral, kamelet, "whenSeveral"));
    }

    private static <E extends Enum<E>> E one(
            Class<E> type, E normal, @Nullable String text, String kamelet, String parameter) {
        if (text == null) {
            return normal;
        }
        for (E policy : type.getEnumConstants()) {
            if (name(policy).equals(text.strip())) {
                return policy;
            }
        }
        String known =
                Arrays.stream(type.getEnumConstants()).map(ContactPolicy::name).collect(Collectors.joining(", "));
        throw new IllegalArgumentException(
                "The parameter " + parameter + " of " + kamelet + " is " + text + ": give one of " + known);
    }

    private static String name(Enum<?> policy) {
        return policy.name().toLowerCase(Locale.ROOT);
    }
}
