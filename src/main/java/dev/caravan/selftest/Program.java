package dev.caravan.selftest;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * How a process like this one is started.
 *
 * @param mainClass its main class
 * @param arguments its first arguments
 */
public record Program(String mainClass, List<String> arguments) {
    public Program {
        arguments = List.copyOf(arguments);
    }

    /**
     * The command: the same Java, class path, memory and system properties as this process has.
     *
     * @param settings keys for which the process reads its own file, and not a system property
     */
    List<String> command(Set<String> settings, List<String> more) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> isKept(argument, settings))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(arguments);
        command.addAll(more);
        return command;
    }

    /** A debugger's port and an agent's files are for one process. */
    private static boolean isKept(String argument, Set<String> settings) {
        if (argument.startsWith("-D")) {
            String name = argument.substring("-D".length()).split("=", 2)[0];
            return !settings.contains(name);
        }
        boolean debugs = argument.startsWith("-Xrun") || argument.startsWith("-Xdebug");
        return argument.startsWith("--") || (argument.startsWith("-X") && !debugs);
    }
}
