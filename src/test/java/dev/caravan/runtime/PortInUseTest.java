package dev.caravan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.caravan.receive.ListenException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A node whose port is taken does not start, says so in a sentence, and leaves no stack trace behind. */
class PortInUseTest {
    @TempDir
    Path directory;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    @BeforeEach
    void listen() {
        log.start();
        root.addAppender(log);
    }

    @AfterEach
    void listenNoMore() {
        root.detachAppender(log);
    }

    @Test
    void theManagementPortIsNamed() throws Exception {
        try (ServerSocket taken = taken()) {
            assertRefused("camel.management.port", "camel.server.port", taken.getLocalPort());
        }
    }

    @Test
    void thePublicPortIsNamed() throws Exception {
        try (ServerSocket taken = taken()) {
            assertRefused("camel.server.port", "camel.management.port", taken.getLocalPort());
        }
    }

    private void assertRefused(String key, String other, int port) throws Exception {
        int free;
        try (ServerSocket socket = taken()) {
            free = socket.getLocalPort();
        }
        Files.writeString(
                directory.resolve("application.properties"),
                "camel.server.host = 127.0.0.1\n%s = %d\n%s = %d\n".formatted(key, port, other, free));

        assertThatThrownBy(() -> Node.start(NodeConfig.read(directory), NodeOptions.of(directory)))
                .isInstanceOf(ListenException.class)
                .hasMessageContaining("Port " + port)
                .hasMessageContaining("set " + key + " to another");
        assertThat(log.list)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .isEmpty();
    }

    private static ServerSocket taken() throws Exception {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }
}
