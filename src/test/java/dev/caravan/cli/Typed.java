package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** A command as it was typed, and what came of it. */
record Typed(int exit, String out, String err) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static Typed type(Object... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = Caravan.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        String[] arguments = new String[words.length];
        for (int i = 0; i < words.length; i++) {
            arguments[i] = words[i].toString();
        }
        int exit = command.execute(arguments);
        return new Typed(exit, out.toString(), err.toString());
    }

    /** That it worked and said nothing else. */
    Typed done() {
        assertThat(err).isEmpty();
        assertThat(exit).isZero();
        return this;
    }

    /** That it was refused as wrong usage or configuration, without a stack trace or a class name. */
    Typed refused() {
        assertThat(exit).as(out + err).isEqualTo(2);
        assertThat(out).isEmpty();
        assertThat(err).isNotBlank().doesNotContain("\tat ", "Exception", "java.", "org.", "null");
        return this;
    }

    Typed saying(String... parts) {
        assertThat(err).contains(parts);
        return this;
    }

    JsonNode json() {
        try {
            return JSON.readTree(out);
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON: " + out, e);
        }
    }
}
