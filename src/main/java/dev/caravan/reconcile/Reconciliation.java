package dev.caravan.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.inbox.Arrival;
import dev.caravan.inbox.Inbox;
import dev.caravan.inbox.StorageException;
import dev.caravan.inbox.Stored;
import dev.caravan.source.Headers;
import dev.caravan.source.Identification;
import dev.caravan.source.IncomingRequest;
import dev.caravan.source.NewEvent;
import dev.caravan.source.Source;
import dev.caravan.source.VendorList;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** One comparison of the inbox with a vendor's list. Used once, by one thread, which waits for the vendor. */
public final class Reconciliation {
    /** The header of an event that came so; its value is {@value #RECONCILE}. */
    public static final String ORIGIN = "caravan-origin";

    static final String RECONCILE = "reconcile";

    /** Larger pages go in by parts, so that webhooks do not wait. */
    private static final int MOST_AT_ONCE = 500;

    private final Source source;
    private final VendorList list;
    private final Inbox inbox;
    private final Instant since;
    private final boolean dry;
    private final Clock clock;
    private final Pages pages;

    private final Set<String> seen = new HashSet<>();
    private final List<Outcome.Missing> missing = new ArrayList<>();
    private int listed;
    private int unfinished;
    private int had;
    private int unreadable;
    private String problem = "";

    /**
     * A comparison, not begun yet.
     *
     * @param list of the source
     * @param dry whether nothing is taken in
     */
    public Reconciliation(Source source, VendorList list, Inbox inbox, Instant since, boolean dry, Clock clock) {
        this(source, list, inbox, since, dry, clock, wait -> TimeUnit.MILLISECONDS.sleep(wait.toMillis()));
    }

    Reconciliation(Source source, VendorList list, Inbox inbox, Instant since, boolean dry, Clock clock, Pause pause) {
        this.source = source;
        this.list = list;
        this.inbox = inbox;
        this.since = since;
        this.dry = dry;
        this.clock = clock;
        this.pages = new Pages(source.name(), list, new VendorClient(source.name(), list, clock, pause));
    }

    /** Compares to the end of the list, or to the first page that cannot be had. */
    public Outcome run() {
        try {
            pages.walk(since, this::page);
            return outcome(Optional.of(problem)
                    .filter(why -> unreadable > 0)
                    .map(why -> unreadable + " of its items were left out. " + why));
        } catch (VendorFailure | StorageException e) {
            return outcome(Optional.of(e.getMessage() + " The rest of the list was not compared."));
        }
    }

    private Outcome outcome(Optional<String> problem) {
        return new Outcome(source.name(), list.eventType(), since, dry, listed, unfinished, had, missing, problem);
    }

    private record Wanted(String item, Arrival arrival) {}

    private boolean page(JsonNode items) {
        boolean brought = false;
        List<Wanted> wanted = new ArrayList<>();
        for (JsonNode node : items) {
            Optional<VendorList.Item> item = list.item(node);
            if (item.isEmpty()) {
                unreadable("An item of the list has no id: set caravan.source." + source.name()
                        + ".reconcile.id to where it is.");
            } else if (seen.add(item.get().id())) {
                brought = true;
                look(item.get()).ifPresent(wanted::add);
            }
        }
        take(wanted);
        return brought;
    }

    private Optional<Wanted> look(VendorList.Item item) {
        if (item.time().isPresent() && item.time().get().isBefore(since)) {
            return Optional.empty();
        }
        listed++;
        if (!item.finished()) {
            unfinished++;
            return Optional.empty();
        }
        Optional<Arrival> made = arrival(item);
        if (made.isEmpty()) {
            unreadable("An item of the list makes no " + list.eventType() + " of the source " + source.name()
                    + ": see caravan.source." + source.name() + ".reconcile.payload.type.");
            return Optional.empty();
        }
        Arrival arrival = made.get();
        if (inbox.reader().eventWith(source.name(), arrival.idempotencyKey()).isPresent()) {
            had++;
            return Optional.empty();
        }
        return Optional.of(new Wanted(item.id(), arrival));
    }

    /** Leaves the item out, and says so at the end. */
    private void unreadable(String why) {
        unreadable++;
        problem = why;
    }

    private Optional<Arrival> arrival(VendorList.Item item) {
        Instant now = clock.instant();
        Identification found = source.identify(
                new IncomingRequest("POST", "/webhooks/" + source.name(), Headers.of(Map.of()), item.payload(), now));
        if (found instanceof Identification.Identified identified
                && identified.events().size() == 1
                && identified.events().get(0).type().equals(list.eventType())) {
            NewEvent event = identified.events().get(0);
            return Optional.of(new Arrival(
                    source.name(),
                    event.type(),
                    event.time(),
                    event.idempotencyKey(),
                    Map.of("content-type", "application/json", ORIGIN, RECONCILE),
                    event.body(),
                    now));
        }
        return Optional.empty();
    }

    private void take(List<Wanted> wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        if (dry) {
            wanted.forEach(item -> missing.add(new Outcome.Missing(item.item(), Optional.empty())));
            return;
        }
        for (int from = 0; from < wanted.size(); from += MOST_AT_ONCE) {
            store(wanted.subList(from, Math.min(from + MOST_AT_ONCE, wanted.size())));
        }
    }

    private void store(List<Wanted> wanted) {
        List<Stored> stored =
                join(inbox.store(wanted.stream().map(Wanted::arrival).toList()));
        for (int i = 0; i < wanted.size(); i++) {
            if (stored.get(i).duplicate()) {
                had++;
            } else {
                missing.add(new Outcome.Missing(
                        wanted.get(i).item(), Optional.of(stored.get(i).eventId())));
            }
        }
    }

    private static List<Stored> join(CompletableFuture<List<Stored>> storing) {
        try {
            return storing.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof StorageException cause) {
                throw cause;
            }
            throw e;
        }
    }
}
