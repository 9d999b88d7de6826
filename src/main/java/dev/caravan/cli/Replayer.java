package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.automation.AutomationState;
import dev.caravan.inbox.CommitObserver;
import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.InboxReader;
import dev.caravan.manage.Definitions;
import dev.caravan.manage.ReplayDesk;
import dev.caravan.manage.ReplayRefused;
import dev.caravan.runtime.NodeCheck;
import dev.caravan.runtime.NodeConfig;
import dev.caravan.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who does a replay: the node that runs in a directory, else this process on the directory's inbox. */
interface Replayer extends AutoCloseable {
    JsonNode plan(ObjectNode request);

    /** Does it, or a part of it: then the answer has a {@code next}. */
    JsonNode run(ObjectNode request);

    /** Whether a node runs that delivers at once. */
    boolean isRunning();

    @Override
    void close();

    static Replayer of(DirectoryOption directory) {
        return NodeClient.isRunning(directory.data())
                ? new ByNode(new NodeClient(Settings.load(directory.get()), directory.data()))
                : new Here(directory);
    }

    /** Through the API. */
    record ByNode(NodeClient node) implements Replayer {
        /** A plan may look at every event. */
        private static final Duration PATIENCE = Duration.ofMinutes(5);

        @Override
        public JsonNode plan(ObjectNode request) {
            return node.post("replay", request.deepCopy().put("plan", true), PATIENCE);
        }

        @Override
        public JsonNode run(ObjectNode request) {
            return node.post("replay", request, PATIENCE);
        }

        @Override
        public boolean isRunning() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** On the inbox. Opens it for writing only when there is something to be done. */
    final class Here implements Replayer {
        private static final JsonMapper JSON = JsonMapper.builder().build();

        private final DirectoryOption directory;
        private final InboxReader reader;
        private final ReplayDesk desk;
        private @Nullable Inbox inbox;
        private @Nullable List<AutomationState> automations;

        Here(DirectoryOption directory) {
            this.directory = directory;
            this.reader = InboxReader.open(directory.inbox());
            this.desk = new ReplayDesk(reader, new Definitions(this::automations), Clock.systemUTC());
        }

        private List<AutomationState> automations() {
            List<AutomationState> read = automations;
            if (read == null) {
                Path dir = directory.get();
                try {
                    read = NodeCheck.routes(NodeConfig.read(dir), dir).states();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                automations = read;
            }
            return read;
        }

        @Override
        public JsonNode plan(ObjectNode request) {
            return asked(() -> desk.plan(request));
        }

        @Override
        public JsonNode run(ObjectNode request) {
            Inbox open = inbox;
            if (open == null) {
                open = Inbox.open(directory.inbox(), Clock.systemUTC(), CommitObserver.NONE);
                inbox = open;
            }
            Inbox writable = open;
            return asked(() -> desk.run(request, writable.replays()));
        }

        @Override
        public boolean isRunning() {
            return false;
        }

        private interface Work {
            Map<String, Object> done() throws ReplayRefused;
        }

        private static JsonNode asked(Work work) {
            try {
                return JSON.valueToTree(work.done());
            } catch (ReplayRefused refused) {
                String why = refused.sentence();
                throw new CommandFailure(Character.toUpperCase(why.charAt(0)) + why.substring(1) + ".");
            }
        }

        @Override
        public void close() {
            reader.close();
            if (inbox != null) {
                inbox.close();
            }
        }
    }
}
