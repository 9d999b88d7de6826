package dev.caravan.cli;

import dev.caravan.inbox.InboxReader;
import dev.caravan.inbox.StorageException;
import dev.caravan.manage.SourcesApi;
import dev.caravan.runtime.NodeConfig;
import dev.caravan.source.CredentialDigests;
import dev.caravan.source.Source;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * When each secret of a source last verified a request, so that one that is rotated out can be retired.
 *
 * @param secrets as the API shows them
 */
record SourceSecrets(String source, List<Map<String, Object>> secrets) {

    /** Of the sources that have secrets; none where there is no inbox yet, or it cannot be read. */
    static List<SourceSecrets> read(NodeConfig config, DirectoryOption directory) {
        try (InboxReader reader = InboxReader.open(directory.inbox())) {
            Map<String, Instant> matches = reader.quarantine().secretMatches();
            return reader.quarantine()
                    .digestKey()
                    .map(CredentialDigests::new)
                    .map(digests -> config.sources().stream()
                            .filter(Source::hasSecret)
                            .map(source ->
                                    new SourceSecrets(source.name(), SourcesApi.secrets(source, digests, matches)))
                            .filter(source -> !source.secrets().isEmpty())
                            .toList())
                    .orElse(List.of());
        } catch (StorageException noInbox) {
            return List.of();
        }
    }

    Map<String, Object> view() {
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("source", source);
        view.put("secrets", secrets);
        return view;
    }

    static void print(PrintWriter out, List<SourceSecrets> all) {
        if (all.isEmpty()) {
            return;
        }
        out.println();
        Table table = new Table("SOURCE", "SECRET", "LAST MATCHED");
        for (SourceSecrets one : all) {
            one.secrets()
                    .forEach(secret -> table.row(
                            one.source(),
                            secret.getOrDefault("position", ""),
                            secret.getOrDefault("lastMatched", "never")));
        }
        table.print(out);
    }
}
