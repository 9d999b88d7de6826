package dev.caravan.cli;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** Where a command prints. */
final class Console {
    private Console() {}

    static PrintWriter out(@Nullable CommandSpec spec) {
        return spec(spec).commandLine().getOut();
    }

    static PrintWriter err(@Nullable CommandSpec spec) {
        return spec(spec).commandLine().getErr();
    }

    /** The spec that picocli has set. */
    static CommandSpec spec(@Nullable CommandSpec spec) {
        if (spec == null) {
            throw new IllegalStateException("picocli has not set the command's spec");
        }
        return spec;
    }
}
