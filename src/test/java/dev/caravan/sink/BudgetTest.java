package dev.caravan.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.sink.Budget.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

class BudgetTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = -5 * SECOND;

    /** Deliveries of one account as a node runs them: each comes again when it was told to. Time is only counted. */
    private static final class Simulation {
        private record Visit(String who, long at) {}

        private final Budget budget;
        private final PriorityQueue<Visit> visits = new PriorityQueue<>(Comparator.comparingLong(Visit::at));
        private final List<Long> sent = new ArrayList<>();
        private final List<String> order = new ArrayList<>();
        private int comings;

        Simulation(Budget budget) {
            this.budget = budget;
        }

        void arrive(String who, long at) {
            visits.add(new Visit(who, at));
        }

        void run() {
            while (!visits.isEmpty()) {
                Visit visit = visits.remove();
                comings++;
                Turn turn = budget.take(visit.who(), 1, visit.at());
                if (turn instanceof Turn.Now now) {
                    sent.add(visit.at() + now.after().toNanos());
                    order.add(visit.who());
                } else if (turn instanceof Turn.Later later) {
                    // A claim takes its time.
                    visits.add(new Visit(visit.who(), visit.at() + later.after().toNanos() + SECOND / 50));
                }
            }
        }

        long most(Duration window) {
            return sent.stream()
                    .mapToLong(from -> sent.stream()
                            .filter(at -> at >= from && at < from + window.toNanos())
                            .count())
                    .max()
                    .orElse(0);
        }
    }

    @Test
    void aBurstKeepsTheRateAndNobodyComesOften() {
        Simulation simulation = new Simulation(new Budget(Rate.parse("10/s"), () -> 1));
        for (int n = 0; n < 1_000; n++) {
            simulation.arrive("d" + n, START);
        }
        simulation.run();
        assertThat(simulation.sent).hasSize(1_000);
        assertThat(simulation.most(Duration.ofSeconds(1))).isLessThanOrEqualTo(10);
        assertThat(simulation.comings).isLessThan(2_500);
        long whole = simulation.sent.stream().mapToLong(Long::longValue).max().orElseThrow() - START;
        assertThat(Duration.ofNanos(whole)).isBetween(Duration.ofSeconds(99), Duration.ofSeconds(125));
    }

    @Test
    void whoCameFirstGoesFirst() {
        Simulation simulation = new Simulation(new Budget(Rate.parse("1/s"), () -> 1));
        for (int n = 0; n < 20; n++) {
            simulation.arrive("d" + n, START + n);
        }
        simulation.arrive("late", START + 5 * SECOND + 1);
        simulation.run();
        assertThat(simulation.order).last().isEqualTo("late");
    }

    @Test
    void aTenthOfARatePassesAtOnceAndNoSpanHasMoreThanTheRate() {
        Simulation simulation = new Simulation(new Budget(Rate.parse("1500/h"), () -> 1));
        for (int n = 0; n < 2_000; n++) {
            simulation.arrive("d" + n, START);
        }
        simulation.run();
        assertThat(simulation.sent.subList(0, 150)).containsOnly(START);
        assertThat(simulation.most(Duration.ofHours(1))).isBetween(1_300L, 1_500L);
    }

    @Test
    void nodesShareARate() {
        Simulation simulation = new Simulation(new Budget(Rate.parse("10/s"), () -> 5));
        for (int n = 0; n < 50; n++) {
            simulation.arrive("d" + n, START);
        }
        simulation.run();
        assertThat(simulation.most(Duration.ofSeconds(1))).isLessThanOrEqualTo(2);
    }

    @Test
    void withoutARateNobodyWaits() {
        Simulation simulation = new Simulation(new Budget(Optional.empty(), () -> 1));
        for (int n = 0; n < 1_000; n++) {
            simulation.arrive("d" + n, START);
        }
        simulation.run();
        assertThat(simulation.sent).containsOnly(START);
    }

    @Test
    void aRefusalStopsAllUntilTheVendorSaysAndHalvesTheRate() {
        Budget budget = new Budget(Rate.parse("10/s"), () -> 1);
        budget.take("first", 1, START);
        budget.refused(Optional.of(Duration.ofSeconds(30)), START);
        Simulation simulation = new Simulation(budget);
        for (int n = 0; n < 60; n++) {
            simulation.arrive("d" + n, START + 1);
        }
        simulation.run();
        assertThat(simulation.sent).allMatch(at -> at >= START + 30 * SECOND);
        assertThat(simulation.most(Duration.ofSeconds(1))).isLessThanOrEqualTo(8);
    }

    @Test
    void refusalsOfTheSameMomentLowerTheRateOnce() {
        Budget budget = new Budget(Rate.parse("16/s"), () -> 1);
        budget.take("first", 1, START);
        for (int n = 0; n < 16; n++) {
            budget.refused(Optional.of(Duration.ofSeconds(2)), START + n);
        }
        Simulation simulation = new Simulation(budget);
        for (int n = 0; n < 40; n++) {
            simulation.arrive("d" + n, START + SECOND);
        }
        simulation.run();
        assertThat(simulation.most(Duration.ofSeconds(1))).isBetween(6L, 9L);
    }

    @Test
    void anUnknownLimitIsLearnedAndForgottenAgain() {
        Budget budget = new Budget(Optional.empty(), () -> 1);
        Simulation simulation = new Simulation(budget);
        for (int n = 0; n < 100; n++) {
            simulation.arrive("d" + n, START);
        }
        simulation.run();
        budget.refused(Optional.of(Duration.ofSeconds(1)), START + 1);
        Simulation after = new Simulation(budget);
        for (int n = 0; n < 200; n++) {
            after.arrive("e" + n, START + 2 * SECOND);
        }
        after.run();
        assertThat(after.most(Duration.ofSeconds(1))).isBetween(20L, 60L);
        Simulation later = new Simulation(budget);
        for (int minute = 1; minute < 30; minute++) {
            later.arrive("f" + minute, START + 60L * minute * SECOND);
        }
        later.run();
        Simulation free = new Simulation(budget);
        for (int n = 0; n < 100; n++) {
            free.arrive("g" + n, START + 1_900 * SECOND);
        }
        free.run();
        assertThat(free.sent).containsOnly(START + 1_900 * SECOND);
    }

    @Test
    void severalRequestsOfADeliveryCountEach() {
        Budget budget = new Budget(Rate.parse("9/s"), () -> 1);
        budget.take("first", 5, START);
        Turn turn = budget.take("second", 1, START);
        assertThat(turn)
                .isInstanceOfSatisfying(
                        Turn.Now.class,
                        now -> assertThat(now.after()).isBetween(Duration.ofMillis(550), Duration.ofMillis(600)));
    }

    @Test
    void ratesAreRead() {
        assertThat(Rate.parse("5/s")).contains(new Rate(5, Duration.ofSeconds(1)));
        assertThat(Rate.parse(" 100 / 10s ")).contains(new Rate(100, Duration.ofSeconds(10)));
        assertThat(Rate.parse("300/m")).contains(new Rate(300, Duration.ofMinutes(1)));
        assertThat(Rate.parse("0/s")).isEmpty();
        assertThat(Rate.parse("5/0s")).isEmpty();
        assertThat(Rate.parse("fast")).isEmpty();
    }
}
