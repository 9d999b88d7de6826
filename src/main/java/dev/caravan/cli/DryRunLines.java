package dev.caravan.cli;

import dev.caravan.delivery.Settled;
import dev.caravan.dryrun.DryRun;
import dev.caravan.dryrun.EffectViews;
import java.io.PrintWriter;
import java.util.function.Consumer;

/** Prints each delivery of a node in dry run as it ends: its state, and what went out. */
final class DryRunLines implements Consumer<Settled> {
    private final DryRun dryRun;
    private final EffectViews views;
    private final PrintWriter out;

    DryRunLines(DryRun dryRun, EffectViews views, PrintWriter out) {
        this.dryRun = dryRun;
        this.views = views;
        this.out = out;
    }

    @Override
    public void accept(Settled settled) {
        String automation = settled.claimed().automation();
        String event = settled.claimed().event().id();
        StringBuilder text = new StringBuilder()
                .append(settled.claimed().event().source())
                .append(' ')
                .append(settled.claimed().event().type())
                .append(" -> ")
                .append(automation)
                .append(": ")
                .append(settled.settlement().state().label());
        DemoReport.wentOut(dryRun.effects(event, automation), views)
                .forEach(
                        line -> text.append(System.lineSeparator()).append("  ").append(line));
        settled.settlement()
                .attempt()
                .message()
                .ifPresent(message ->
                        text.append(System.lineSeparator()).append("  ").append(message));
        out.println(text);
        out.flush();
    }
}
