package dev.caravan.runtime;

import dev.caravan.automation.AutomationSwitches;
import dev.caravan.delivery.DeliverySettings;
import dev.caravan.inbox.InboxSettings;
import dev.caravan.inbox.QuarantineBounds;
import dev.caravan.inbox.RetentionSettings;
import dev.caravan.manage.ManagementSettings;
import dev.caravan.receive.ReceiveSettings;
import dev.caravan.receive.TlsSettings;
import dev.caravan.settings.Settings;
import dev.caravan.sink.Budgets;
import dev.caravan.sink.DataSources;
import dev.caravan.sink.DownloadRules;
import dev.caravan.sink.Rate;
import dev.caravan.source.Presets;
import dev.caravan.source.Source;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All that a node is configured with, read once and found good. */
public record NodeConfig(
        Settings settings,
        List<Source> sources,
        ReceiveSettings receive,
        TlsSettings tls,
        InboxSettings inbox,
        Set<Role> roles,
        QuarantineBounds quarantine,
        RetentionSettings retention,
        DeliverySettings delivery,
        List<DataSources.Definition> dataSources,
        DownloadRules downloads,
        Map<String, Optional<Rate>> rates,
        ManagementSettings management,
        Map<String, Boolean> switches) {

    /**
     * Reads the configuration of a directory.
     *
     * @throws dev.caravan.settings.InvalidSettings with all that is wrong with it
     */
    public static NodeConfig read(Path directory) {
        return read(Settings.load(directory));
    }

    /** Like {@link #read(Path)}, of settings that are loaded already. */
    public static NodeConfig read(Settings settings) {
        InboxSettings inbox = InboxSettings.read(settings);
        NodeConfig config = new NodeConfig(
                settings,
                Source.readAll(settings, Presets.load(settings)),
                ReceiveSettings.read(settings),
                TlsSettings.read(settings),
                inbox,
                Role.read(settings, inbox.server().isPresent()),
                QuarantineBounds.read(settings),
                RetentionSettings.read(settings),
                DeliverySettings.read(settings),
                DataSources.read(settings),
                DownloadRules.of(settings),
                Budgets.read(settings),
                ManagementSettings.read(settings),
                AutomationSwitches.read(settings));
        settings.check();
        return config;
    }
}
