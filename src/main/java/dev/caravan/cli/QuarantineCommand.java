package dev.caravan.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Looks at requests that became no event, and admits or drops them. */
@Command(
        name = "quarantine",
        mixinStandardHelpOptions = true,
        description = "Lists and shows refused requests, admits those that verify now, drops others.",
        subcommands = {
            QuarantineListCommand.class,
            QuarantineShowCommand.class,
            QuarantineAdmitCommand.class,
            QuarantineDropCommand.class,
            HelpCommand.class
        },
        footer = {"", "Example: java -jar caravan.jar quarantine list --source koji"})
final class QuarantineCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                Console.spec(spec).commandLine(), "Say what to do: quarantine list, show, admit or drop.");
    }
}
