package dev.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.inbox.CommitObserver;
import dev.caravan.inbox.Inbox;
import dev.caravan.manage.QuarantineViews;
import dev.caravan.receive.Admission;
import dev.caravan.runtime.NodeConfig;
import dev.caravan.settings.Settings;
import dev.caravan.source.CredentialDigests;
import dev.caravan.source.CurrentSources;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a person does with requests in quarantine: through the node that runs in the directory, else on its inbox. */
interface QuarantineAccess extends AutoCloseable {
    /** What became of it, as the API shows it; {@code outcome} is {@code absent} where it is not there. */
    Map<String, Object> admit(String id);

    /** The same: {@code dropped} or {@code absent}. */
    Map<String, Object> drop(String id);

    @Override
    void close();

    static QuarantineAccess open(DirectoryOption directory) {
        if (NodeClient.isRunning(directory.data())) {
            return throughNode(new NodeClient(Settings.load(directory.get()), directory.data()));
        }
        NodeConfig config = NodeConfig.read(directory.get());
        Inbox inbox = Inbox.open(directory.inbox(), Clock.systemUTC(), CommitObserver.NONE);
        Admission admission =
                new Admission(inbox, new CurrentSources(config.sources()), new CredentialDigests(inbox.digestKey()));
        return new QuarantineAccess() {
            @Override
            public Map<String, Object> admit(String id) {
                return QuarantineViews.of(admission.admit(id));
            }

            @Override
            public Map<String, Object> drop(String id) {
                return outcome(id, inbox.quarantine().drop(id).join() ? "dropped" : "absent");
            }

            @Override
            public void close() {
                inbox.close();
            }
        };
    }

    private static QuarantineAccess throughNode(NodeClient node) {
        return new QuarantineAccess() {
            @Override
            public Map<String, Object> admit(String id) {
                return ask(id, "admit");
            }

            @Override
            public Map<String, Object> drop(String id) {
                return ask(id, "drop");
            }

            private Map<String, Object> ask(String id, String what) {
                return node.find("quarantine/" + NodeClient.inPath(id) + "/" + what, Map.of())
                        .map(QuarantineAccess::view)
                        .orElseGet(() -> outcome(id, "absent"));
            }

            @Override
            public void close() {
                node.close();
            }
        };
    }

    private static Map<String, Object> view(JsonNode answer) {
        Map<String, Object> view = new LinkedHashMap<>();
        answer.properties()
                .forEach(field -> view.put(
                        field.getKey(),
                        field.getValue().isTextual() ? field.getValue().textValue() : field.getValue()));
        return view;
    }

    private static Map<String, Object> outcome(String id, String outcome) {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("id", id);
        view.put("outcome", outcome);
        return view;
    }
}
