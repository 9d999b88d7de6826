package dev.caravan.sink;

import dev.caravan.settings.Lists;
import dev.caravan.settings.Secret;
import dev.caravan.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What sinks are configured with. */
public record SinkSettings(List<DataSources.Definition> dataSources, DownloadRules downloads) {
    private static final int POOL_SIZE = 4;

    public static SinkSettings read(Settings settings) {
        List<DataSources.Definition> definitions = new ArrayList<>();
        for (String name : settings.names("caravan.datasource")) {
            String key = "caravan.datasource." + name;
            Optional<String> url = settings.text(key + ".url");
            String username = settings.text(key + ".username").orElse(null);
            String password = settings.secrets(key + ".password").stream()
                    .findFirst()
                    .map(Secret::value)
                    .orElse(null);
            int size = settings.count(key + ".pool-size", POOL_SIZE, 1, 100);
            if (url.isEmpty()) {
                settings.problem(
                        key + ".url", key + ".url is not set: give the JDBC URL of the data source " + name + ".");
            } else if (!url.get().startsWith("jdbc:")) {
                settings.problem(key + ".url", key + ".url does not start with jdbc: give a JDBC URL.");
            } else {
                definitions.add(new DataSources.Definition(name, url.get(), username, password, size));
            }
        }
        return new SinkSettings(List.copyOf(definitions), downloads(settings));
    }

    private static DownloadRules downloads(Settings settings) {
        return new DownloadRules(
                Lists.split(settings.text("caravan.download.hosts").orElse("")),
                Lists.split(settings.text("caravan.download.private-hosts").orElse("")),
                settings.bytes("caravan.download.max-bytes", DownloadRules.DEFAULT_MAX_BYTES),
                settings.duration("caravan.download.timeout", DownloadRules.DEFAULT_TIMEOUT));
    }
}
