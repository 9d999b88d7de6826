package dev.caravan.inbox;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes events of quarantined requests, in their order: each leaves quarantine in the commit in which it is stored. */
final class AdmitRequests implements InboxWriter.Write<List<Optional<List<Stored>>>> {
    /** One of them: its id in quarantine, and what stores its events. */
    record Item(String id, StoreEvent events) {}

    private final List<Item> items;
    private final List<StoreEvent> applied = new ArrayList<>();
    private final List<List<Stored>> stored = new ArrayList<>();

    AdmitRequests(List<Item> items) {
        this.items = List.copyOf(items);
    }

    @Override
    public List<Optional<List<Stored>>> apply(WriteSession session) throws SQLException {
        List<Optional<List<Stored>>> results = new ArrayList<>(items.size());
        for (Item item : items) {
            if (QuarantineTable.drop(session, item.id())) {
                applied.add(item.events());
                List<Stored> events = item.events().apply(session);
                stored.add(events);
                results.add(Optional.of(events));
            } else {
                results.add(Optional.empty());
            }
        }
        return results;
    }

    @Override
    public List<Claimed> claims() {
        return applied.stream().flatMap(events -> events.claims().stream()).toList();
    }

    @Override
    public void committed(List<Optional<List<Stored>>> results) {
        for (int i = 0; i < applied.size(); i++) {
            applied.get(i).committed(stored.get(i));
        }
    }

    @Override
    public void rolledBack() {
        applied.forEach(StoreEvent::rolledBack);
        applied.clear();
        stored.clear();
    }
}
