package dev.caravan.runtime;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.logging.Logger;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** The jars in {@code DIR/lib}: Camel components, JDBC drivers and automations that a user adds. */
final class LibFolder {
    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LibFolder.class);

    private LibFolder() {}

    /**
     * Puts the jars on the class path of the current thread and of JDBC, in order of their names; warns of a file that
     * is none.
     *
     * @throws IOException where the folder is there but cannot be read
     */
    static void join(Path directory) throws IOException {
        List<URL> jars = jars(directory.resolve("lib"));
        if (jars.isEmpty()) {
            return;
        }
        ClassLoader loader = new URLClassLoader("lib", jars.toArray(URL[]::new), LibFolder.class.getClassLoader());
        Thread.currentThread().setContextClassLoader(loader);
        try {
            for (Driver driver : ServiceLoader.load(Driver.class, loader)) {
                if (driver.getClass().getClassLoader() == loader) {
                    DriverManager.registerDriver(new Visible(driver));
                }
            }
        } catch (SQLException e) {
            throw new IOException("A JDBC driver in " + directory.resolve("lib") + " cannot be used.", e);
        }
    }

    private static List<URL> jars(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, LibFolder::counts)) {
                files.forEach(found::add);
            }
        }
        found.sort(null);
        List<URL> urls = new ArrayList<>();
        for (Path file : found) {
            if (isJar(file)) {
                urls.add(url(file));
            } else {
                LOG.warn(
                        "lib/{} is not a jar or zip file that can be read, so nothing of it is used; replace it or"
                                + " remove it.",
                        file.getFileName());
            }
        }
        return urls;
    }

    private static boolean counts(Path file) {
        return Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".");
    }

    private static boolean isJar(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (!name.endsWith(".jar") && !name.endsWith(".zip")) {
            return false;
        }
        try (ZipFile jar = new ZipFile(file.toFile())) {
            return jar.size() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static URL url(Path jar) throws MalformedURLException {
        return jar.toUri().toURL();
    }

    /** A driver as {@link DriverManager} wants it: of a class that the application's own class loader knows. */
    private record Visible(Driver driver) implements Driver {
        @Override
        public @Nullable Connection connect(String url, Properties info) throws SQLException {
            return driver.connect(url, info);
        }

        @Override
        public boolean acceptsURL(String url) throws SQLException {
            return driver.acceptsURL(url);
        }

        @Override
        public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
            return driver.getPropertyInfo(url, info);
        }

        @Override
        public int getMajorVersion() {
            return driver.getMajorVersion();
        }

        @Override
        public int getMinorVersion() {
            return driver.getMinorVersion();
        }

        @Override
        public boolean jdbcCompliant() {
            return driver.jdbcCompliant();
        }

        @Override
        public Logger getParentLogger() throws SQLFeatureNotSupportedException {
            return driver.getParentLogger();
        }
    }
}
