package dev.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.caravan.sink.Hostile;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A hostile value between two marks, by which it is found again in what was sent. */
record HostileText(String value) {
    private static final String BEGIN = "⟪";
    private static final String END = "⟫";
    private static final String CUT = "…";

    /** All hostile values at once, but those of 100,000 characters. */
    static HostileText combined() {
        return new HostileText(Hostile.values().stream()
                .filter(value -> value.length() < 1_000)
                .collect(Collectors.joining("\n", BEGIN, END)));
    }

    /** 100,000 characters that most destinations escape. */
    static HostileText veryLong() {
        return new HostileText(BEGIN + Hostile.LONG_MARKUP + END);
    }

    String after(String text) {
        return text + " " + value;
    }

    /**
     * Holds that the value stands in a text, wherever it does, as it is or as a limit cut it. White space, characters
     * that destinations refuse and word joiners do not count.
     *
     * @return whether it stands there
     */
    boolean isTextIn(String text, String where) {
        List<String> found = Arrays.asList(text.split(BEGIN, -1));
        // An object or a list within a text is JSON there.
        List<String> whole = List.of(
                squeezed(value),
                squeezed(new String(JsonStringEncoder.getInstance().quoteAsString(value))));
        for (String rest : found.subList(1, found.size())) {
            String part = squeezed(BEGIN + rest);
            int end = part.indexOf(END);
            int cut = part.lastIndexOf(CUT);
            String shown = end >= 0 ? part.substring(0, end + 1) : part.substring(0, cut < 0 ? part.length() : cut);
            assertThat(whole)
                    .as(() -> where + " sends " + shown + (cut < 0 ? "" : CUT))
                    .anyMatch(one -> end >= 0 ? one.equals(shown) : cut >= 0 && one.startsWith(shown));
        }
        return found.size() > 1;
    }

    private static String squeezed(String text) {
        return Hostile.withoutControls(text).replaceAll("[\\s\\p{Z}\u2060]+", "");
    }
}
