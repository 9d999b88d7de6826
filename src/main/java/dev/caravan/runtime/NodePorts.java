package dev.caravan.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/**
 * The ports that the node of a data directory has opened, for commands that speak to it. They are good for as long as
 * that node runs.
 *
 * @param server of the public listener
 * @param management of the management listener
 */
public record NodePorts(int server, int management) {
    private static final String FILE = "ports.properties";

    void write(Path data) {
        String text = "server = " + server + "\nmanagement = " + management + "\n";
        try {
            Files.writeString(data.resolve(FILE), text);
        } catch (IOException e) {
            throw new UncheckedIOException("The file " + data.resolve(FILE) + " cannot be written.", e);
        }
    }

    /** What the last node of a data directory wrote; empty where none did. */
    public static Optional<NodePorts> read(Path data) {
        Properties properties = new Properties();
        try (var in = Files.newBufferedReader(data.resolve(FILE))) {
            properties.load(in);
            return Optional.of(new NodePorts(
                    Integer.parseInt(properties.getProperty("server", "")),
                    Integer.parseInt(properties.getProperty("management", ""))));
        } catch (IOException | NumberFormatException unreadable) {
            return Optional.empty();
        }
    }
}
