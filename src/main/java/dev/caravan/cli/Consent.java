package dev.caravan.cli;

import java.io.Console;

/** Asks before something is done that a person should have seen the plan of. */
final class Consent {
    private Consent() {}

    /**
     * Asks on the terminal; yes is {@code y} or {@code yes}.
     *
     * @throws CommandFailure where there is no terminal to ask on
     */
    @SuppressWarnings(
            "SystemConsoleNull") // from Java 22 on it may be there without a terminal: then the answer is null
    static boolean given() {
        Console terminal = System.console();
        String answer = terminal == null ? null : terminal.readLine("Go on? [y/N] ");
        if (answer == null) {
            throw new CommandFailure("There is no terminal to ask on, so nothing was done: add --yes to do it.");
        }
        return answer.strip().matches("(?i)y|yes");
    }
}
