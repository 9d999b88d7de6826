package dev.caravan.cli;

import picocli.CommandLine.IVersionProvider;

/** The version that the jar's manifest names. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Caravan.class.getPackage().getImplementationVersion();
        return new String[] {"caravan " + (version == null ? "(not from a jar)" : version)};
    }
}
