package dev.caravan.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.delivery.Settled;
import dev.caravan.dryrun.DryRun;
import dev.caravan.dryrun.Effect;
import dev.caravan.inbox.DeliveryState;
import dev.caravan.samples.Sender;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node in dry run on a user's directory: nothing is sent, no database is touched, the directory stays as it is. */
class DryRunNodeTest {
    @TempDir
    Path directory;

    @TempDir
    Path apart;

    private final List<Settled> settled = new CopyOnWriteArrayList<>();

    @Test
    void requestsAndStatementsAreShownAndNothingIsReached() throws Exception {
        try (ServerSocket slack = listening();
                ServerSocket database = listening();
                DryRun dryRun = DryRun.start(Clock.systemUTC(), DryRun.Sql.SHOW)) {
            write(slack.getLocalPort(), database.getLocalPort());
            NodeConfig config = NodeConfig.read(directory);

            try (Node node = Node.start(config, NodeOptions.dry(directory, apart, dryRun, settled::add))) {
                byte[] event = "{\"type\":\"interview.completed\",\"data\":{\"interview_id\":\"i1\",\"name\":\"Ann\"}}"
                        .getBytes(StandardCharsets.UTF_8);
                URI endpoint = URI.create("http://127.0.0.1:" + node.port() + "/webhooks/koji");
                Sender.Answer answer =
                        new Sender(Clock.systemUTC()).send(config.sources().get(0), event, null, endpoint);
                assertThat(answer.status()).isEqualTo(200);
                await().until(() -> settled.size() == 2);
            }

            assertThat(dryRun.effects())
                    .extracting(effect -> effect.place().step())
                    .containsExactlyInAnyOrder("message", "row", "copy");
            assertThat(dryRun.effects())
                    .extracting(Effect::what)
                    .filteredOn(Effect.Row.class::isInstance)
                    .singleElement()
                    .satisfies(row -> assertThat(((Effect.Row) row).change()).isEqualTo(Effect.Change.NOT_RUN));
            assertThat(settled)
                    .extracting(one -> one.settlement().state())
                    .containsExactlyInAnyOrder(DeliveryState.SUCCEEDED, DeliveryState.DEAD);
            assertUnreached(slack);
            assertUnreached(database);
            assertThat(directory.resolve("data")).doesNotExist();
            assertThat(directory.resolve("copy")).doesNotExist();
        }
    }

    private static ServerSocket listening() throws Exception {
        return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    /** Camel takes two ports that are both 0 for one. */
    private static int freePort() throws Exception {
        try (ServerSocket socket = listening()) {
            return socket.getLocalPort();
        }
    }

    private static void assertUnreached(ServerSocket real) throws Exception {
        real.setSoTimeout(1);
        try {
            real.accept().close();
        } catch (SocketTimeoutException nobodyCame) {
            return;
        }
        throw new AssertionError("Somebody connected to a real address");
    }

    private void write(int slack, int database) throws Exception {
        Files.writeString(directory.resolve("application.properties"), """
                caravan.source.koji.preset = koji
                caravan.source.koji.secret = s3cret
                slack.url = http://127.0.0.1:%d/services/T0/B0/X
                caravan.datasource.warehouse.url = jdbc:postgresql://127.0.0.1:%d/warehouse
                camel.server.port = 0
                camel.management.port = %d
                """.formatted(slack, database, freePort()));
        Files.createDirectories(directory.resolve("routes"));
        Files.writeString(directory.resolve("routes/tell.yaml"), """
                - route:
                    id: tell
                    from:
                      uri: inbox:koji
                      steps:
                        - to:
                            id: message
                            uri: kamelet:slack-message-sink
                            parameters: {webhookUrl: "{{slack.url}}", text: "Hi ${body[data][name]}"}
                        - to:
                            id: row
                            uri: kamelet:database-upsert-sink
                            parameters: {datasource: warehouse, table: t, key: id, columns: "id: ${body[data][interview_id]}"}
                - route:
                    id: keep
                    from:
                      uri: inbox:koji
                      steps:
                        - to: {id: copy, uri: "file:%s"}
                """.formatted(directory.resolve("copy")));
    }
}
