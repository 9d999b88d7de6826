package dev.caravan.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a child has logged. */
final class LogLines {
    /** Less than the ten seconds that are promised, since a line is written some time after its cause. */
    private static final Duration SILENCE = Duration.ofSeconds(9);

    private static final Pattern TROUBLE = Pattern.compile("^(\\d\\d:\\d\\d:\\d\\d)\\S*\\s+(?:WARN|ERROR)\\s+(.*)$");

    private LogLines() {}

    /** Checks that a cause is told at most once in ten seconds; two lines have one cause where they differ in ids and numbers only. */
    static void assertNoFlood(List<String> lines) {
        Map<String, LocalTime> told = new HashMap<>();
        for (String line : lines) {
            Matcher trouble = TROUBLE.matcher(line);
            if (trouble.matches()) {
                LocalTime at = LocalTime.parse(trouble.group(1));
                LocalTime before = told.put(trouble.group(2).replaceAll("(dlv|evt)_\\w+|\\d+", "#"), at);
                if (before != null) {
                    assertThat(Duration.between(before, at)).as(line).isGreaterThanOrEqualTo(SILENCE);
                }
            }
        }
    }
}
