package dev.caravan.automation;

/**
 * What is wrong at one place of a route file.
 *
 * @param file the file as a user names it, for example {@code routes/x.yaml}, or a class name
 * @param line from 1; 0 where the finding has no line
 * @param message one sentence, without payload or secret
 */
public record Finding(String file, int line, Severity severity, String message) {

    /** Whether the file can run in spite of it. */
    public enum Severity {
        /** The file is refused. */
        ERROR,
        /** The file runs; something should be mended all the same. */
        WARNING
    }

    static Finding error(String file, int line, String message) {
        return new Finding(file, line, Severity.ERROR, message);
    }

    static Finding warning(String file, int line, String message) {
        return new Finding(file, line, Severity.WARNING, message);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    /** {@code routes/x.yaml:7: sentence}. */
    @Override
    public String toString() {
        return line > 0 ? file + ":" + line + ": " + message : file + ": " + message;
    }
}
