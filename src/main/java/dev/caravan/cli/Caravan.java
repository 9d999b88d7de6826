package dev.caravan.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The program: {@code java -jar caravan.jar [COMMAND]}; without a command it runs the node. */
@Command(
        name = "caravan",
        description = "Receives signed webhooks, stores each once, and runs automations on them.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {
            RunCommand.class,
            DemoCommand.class,
            CheckCommand.class,
            SendCommand.class,
            EventsCommand.class,
            EventCommand.class,
            DeliveriesCommand.class,
            ReplayCommand.class,
            QuarantineCommand.class,
            SelfTestCommand.class,
            SelfTestNodeCommand.class,
            ReconcileCommand.class,
            ForgetCommand.class,
            BackupCommand.class,
            HelpCommand.class
        },
        footer = {"", "Example: java -jar caravan.jar demo"})
public final class Caravan {
    private static final List<String> LOUD = List.of("run");

    /** The system property that sets how much Caravan logs; logback.xml reads it. */
    private static final String LOG_LEVEL = "log.level";

    private Caravan() {}

    /** Runs a command and exits with its code. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        String[] full = withCommand(arguments);
        if (System.getProperty(LOG_LEVEL) == null) {
            System.setProperty(LOG_LEVEL, LOUD.contains(full[0]) ? "INFO" : "WARN");
        }
        return commandLine().execute(full);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Caravan())
                .setParameterExceptionHandler(new Failures())
                .setExecutionExceptionHandler(new Failures())
                .setUsageHelpAutoWidth(true)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** {@code run} where no command is named, so that {@code java -jar caravan.jar --dir x} runs a node. */
    private static String[] withCommand(String[] arguments) {
        boolean named = arguments.length > 0
                && (!arguments[0].startsWith("-")
                        || List.of("-h", "--help", "-V", "--version").contains(arguments[0]));
        if (named) {
            return arguments;
        }
        String[] full = new String[arguments.length + 1];
        full[0] = "run";
        System.arraycopy(arguments, 0, full, 1, arguments.length);
        return full;
    }
}
