package dev.caravan.settings;

import java.util.List;

/** The settings cannot be used. Holds every problem found, one sentence each, none with a secret in it. */
public final class InvalidSettings extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    public InvalidSettings(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** One sentence each: the key, its value (masked if secret) and what to do. */
    public List<String> problems() {
        return problems;
    }
}
