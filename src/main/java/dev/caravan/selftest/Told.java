package dev.caravan.selftest;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;

/**
 * What a node of a self-test tells of itself, a line of JSON each on its standard output. A line is written at once and
 * is shorter than a pipe takes in one piece (4 KiB), so that what was told before a {@code kill -9} arrives whole.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "told")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Told.Ready.class, name = "ready"),
    @JsonSubTypes.Type(value = Told.Effect.class, name = "effect"),
    @JsonSubTypes.Type(value = Told.Recorded.class, name = "recorded")
})
sealed interface Told {
    /**
     * It receives.
     *
     * @param port the public listener's
     */
    record Ready(int port) implements Told {}

    /**
     * It had an effect, which a sink would have had on the world. Told before the step can go on.
     *
     * @param attempt of the delivery
     * @param pass counts the steps of this node as they begin
     * @param print the same for the same effect
     */
    record Effect(String event, String automation, String step, int attempt, long pass, String print) implements Told {}

    /** A step has ended well, and that is on disk. */
    record Recorded(long pass) implements Told {}

    JsonMapper JSON = JsonMapper.builder().build();

    /** As a line, without its end. */
    default String line() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("A record of texts and numbers is always JSON", impossible);
        }
    }

    /** Empty for a line that is none of these. */
    static Optional<Told> read(String line) {
        try {
            return Optional.of(JSON.readValue(line, Told.class));
        } catch (JsonProcessingException notOurs) {
            return Optional.empty();
        }
    }
}
