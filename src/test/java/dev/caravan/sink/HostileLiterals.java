package dev.caravan.sink;

/** What in the {@link Hostile} values looks to the check of outgoing requests like a leftover of a template. */
public final class HostileLiterals {
    private HostileLiterals() {}

    /** For {@link OutboundRecorder#record}. */
    public static String[] all() {
        return new String[] {
            "${body}", "${exec:id}", "$simple{body}", "{{env:PATH}}", "{{slack.token}}", "{{?x}}", "{{name}}"
        };
    }
}
