package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The check, as somebody runs it who has just got the project. */
class CheckCommandTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();

    @Test
    void theShippedDirectoryWithoutAnyKeyHasNoErrors() throws Exception {
        Files.copy(Path.of("application.properties"), directory.resolve("application.properties"));
        Files.createDirectories(directory.resolve("routes"));
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.toList()) {
                Files.copy(file, directory.resolve("routes").resolve(file.getFileName()));
            }
        }
        CommandLine command = Caravan.commandLine();
        command.setOut(new PrintWriter(out, true));

        assertThat(command.execute("check", "--dir", directory.toString())).isZero();

        List<String> lines = out.toString().lines().toList();
        assertThat(lines).contains("").anyMatch(line -> line.startsWith("Source koji has no secret yet"));
        assertThat(lines)
                .anyMatch(line ->
                        line.matches("ai-interview-to-database +on .*skips for want of an optional key: message"))
                .anyMatch(line -> line.matches("koji-study-digest +off .*slack.research.webhook-url"));
    }
}
