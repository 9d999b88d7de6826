package dev.caravan.sink.email;

/** What {@link dev.caravan.sink.Hostile} values hold that looks like a leftover of a template, for the contract check. */
public final class HostileLiterals {
    private HostileLiterals() {}

    public static String[] all() {
        return new String[] {
            "${body}", "${exec:id}", "$simple{body}", "{{env:PATH}}", "{{slack.token}}", "{{?x}}", "{{name}}"
        };
    }
}
