package dev.caravan.dryrun;

import java.util.regex.Pattern;

/** A text in which {@code *} stands for any characters, matched without regard to case. */
record Wildcards(Pattern pattern) {
    static Wildcards of(String text) {
        StringBuilder regex = new StringBuilder();
        for (String part : text.split("\\*", -1)) {
            regex.append(regex.isEmpty() ? "" : ".*").append(Pattern.quote(part));
        }
        return new Wildcards(Pattern.compile(regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.DOTALL));
    }

    boolean matches(String text) {
        return pattern.matcher(text).matches();
    }
}
