package dev.caravan.cli;

import dev.caravan.inbox.StorageException;
import dev.caravan.receive.ListenException;
import dev.caravan.settings.InvalidSettings;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells a failure in a sentence, and says what the exit code is. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    /** Wrong usage or configuration. */
    static final int WRONG = 2;

    @Override
    public int handleParseException(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(failure.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(failure, err)) {
            err.println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return WRONG;
    }

    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        Throwable known = known(failure);
        if (known instanceof InvalidSettings invalid) {
            invalid.problems().forEach(err::println);
        } else if (known != null) {
            err.println(known.getMessage());
        } else {
            LoggerFactory.getLogger(Failures.class).debug("Unexpected", failure);
            err.println(command.getCommandName() + " failed: " + root(failure));
        }
        return WRONG;
    }

    private static @Nullable Throwable known(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidSettings
                    || cause instanceof StorageException
                    || cause instanceof ListenException
                    || cause instanceof CommandFailure) {
                return cause;
            }
        }
        return null;
    }

    private static String root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
