package dev.caravan.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A directory like the one that is shipped, with invented secrets and addresses in its settings. */
final class DemoDirectory {
    private static final String SHIPPED = "/dist/";
    private static final String SETTINGS = "application.properties";
    private static final String ROUTES = "routes";
    private static final String VALUES = "/dryrun/demo.properties";

    private DemoDirectory() {}

    /**
     * Makes it, as a new temporary directory, with free ports: the usual ones where they are free.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    static Path create() {
        try {
            Path directory = Files.createTempDirectory("caravan-demo-");
            Files.createDirectories(directory.resolve(ROUTES));
            copyRoutes(directory.resolve(ROUTES));
            int port = freePort(8080);
            String ports = "\ncamel.server.host = 127.0.0.1\ncamel.server.port = " + port + "\ncamel.management.port = "
                    + freePort(port == 8080 ? 8081 : 0) + "\n";
            Files.writeString(directory.resolve(SETTINGS), text(SHIPPED + SETTINGS) + text(VALUES) + ports);
            return directory;
        } catch (IOException failed) {
            throw new UncheckedIOException("The demo's directory cannot be written", failed);
        }
    }

    /** Removes it with all that is in it; what cannot be removed stays. */
    static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> innermostFirst =
                    files.sorted((one, other) -> other.compareTo(one)).toList();
            for (Path file : innermostFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException stays) {
            // It is in the system's directory for temporary files, which is emptied now and then.
        }
    }

    private static void copyRoutes(Path to) throws IOException {
        URL shipped = DemoDirectory.class.getResource(SHIPPED + ROUTES);
        if (shipped == null) {
            throw new IOException("the jar holds no routes");
        }
        try {
            URI location = shipped.toURI();
            try (FileSystem jar =
                    "jar".equals(location.getScheme()) ? FileSystems.newFileSystem(location, Map.of()) : null) {
                copy(jar == null ? Path.of(location) : jar.getPath(SHIPPED + ROUTES), to);
            }
        } catch (URISyntaxException impossible) {
            throw new IOException("the jar's routes have no address", impossible);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                @Nullable Path name = file.getFileName();
                if (name != null) {
                    Files.copy(file, to.resolve(name.toString()));
                }
            }
        }
    }

    private static String text(String resource) throws IOException {
        try (InputStream in = DemoDirectory.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("the jar holds no " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The wanted port if it is free, else one that is. */
    private static int freePort(int wanted) throws IOException {
        try (ServerSocket socket = new ServerSocket(wanted, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            return socket.getLocalPort();
        } catch (IOException taken) {
            if (wanted == 0) {
                throw taken;
            }
            return freePort(0);
        }
    }
}
