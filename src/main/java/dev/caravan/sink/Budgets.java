package dev.caravan.sink;

import dev.caravan.settings.Settings;
import dev.caravan.settings.Suggestion;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * The rate budgets of all accounts that a node sends to: one for each account, whichever automation sends. Thread-safe.
 *
 * <p>A budget's rate is {@code caravan.sink.KAMELET.rate}, else {@code caravan.sink.VENDOR.rate}, else what the vendor
 * states; nodes that share an inbox share it in equal parts. Nothing else of it is shared: a node learns of a refusal by
 * its own requests.
 */
public final class Budgets {
    private static final String SECTION = "caravan.sink";

    private final Map<String, Optional<Rate>> rates;
    private final boolean unlimited;
    private final IntSupplier nodes;
    private final Map<String, Budget> budgets = new ConcurrentHashMap<>();

    private Budgets(Map<String, Optional<Rate>> rates, boolean unlimited, IntSupplier nodes) {
        this.rates = Map.copyOf(rates);
        this.unlimited = unlimited;
        this.nodes = nodes;
    }

    /**
     * Reads {@code caravan.sink.NAME.rate}; a rate, or unlimited.
     *
     * @return the rates by name; empty ones are unlimited
     */
    public static Map<String, Optional<Rate>> read(Settings settings) {
        Map<String, Optional<Rate>> rates = new TreeMap<>();
        Set<String> known = names();
        for (String name : settings.names(SECTION)) {
            String key = SECTION + "." + name + ".rate";
            settings.text(key).ifPresent(text -> {
                Optional<Rate> rate = Rate.parse(text);
                if (!known.contains(name)) {
                    settings.problem(
                            key,
                            "names no sink"
                                    + Suggestion.orAdvice(name, known, "; give a Kamelet's name or its vendor's"));
                } else if (rate.isEmpty() && !text.strip().equals("unlimited")) {
                    settings.problem(
                            key, "is " + text + "; give requests in a time, such as 5/s or 100/10s, or unlimited");
                } else {
                    rates.put(name, rate);
                }
            });
        }
        return rates;
    }

    private static Set<String> names() {
        Set<String> names = new TreeSet<>(ShippedKamelets.NAMES);
        ShippedKamelets.NAMES.forEach(kamelet -> names.add(Account.vendorOf(kamelet)));
        return names;
    }

    /**
     * The budgets of a node.
     *
     * @param rates as {@link #read} gave them
     * @param nodes how many share the accounts now
     */
    public static Budgets of(Map<String, Optional<Rate>> rates, IntSupplier nodes) {
        return new Budgets(rates, false, nodes);
    }

    /** No request waits: where none reaches a vendor. */
    public static Budgets none() {
        return new Budgets(Map.of(), true, () -> 1);
    }

    /**
     * Waits for a turn, at most {@link Budget#PATIENCE}.
     *
     * @param who the delivery and step
     * @throws BudgetSpent if it would take longer
     * @throws InterruptedException if the attempt ends meanwhile
     */
    void await(Account account, String who, Clock clock) throws InterruptedException {
        if (unlimited) {
            return;
        }
        Budget.Turn turn = of(account).take(who, account.requests(), System.nanoTime());
        if (turn instanceof Budget.Turn.Later later) {
            Instant until = clock.instant().plus(later.after());
            throw new BudgetSpent(account.vendor(), until);
        }
        if (turn instanceof Budget.Turn.Now now && !now.after().isZero()) {
            Duration wait = now.after();
            Thread.sleep(wait.toMillis(), wait.toNanosPart() % 1_000_000);
        }
    }

    /** Says that the vendor has refused a request for its limit, and how long it asked to wait, if it did. */
    void refused(Account account, Optional<Duration> wait) {
        if (!unlimited) {
            of(account).refused(wait, System.nanoTime());
        }
    }

    private Budget of(Account account) {
        return budgets.computeIfAbsent(account.vendor() + "/" + account.id(), id -> new Budget(rateOf(account), nodes));
    }

    private Optional<Rate> rateOf(Account account) {
        Optional<Rate> own = rates.get(account.kamelet());
        Optional<Rate> vendors = rates.get(account.vendor());
        if (own != null) {
            return own;
        }
        return vendors != null ? vendors : account.stated();
    }
}
