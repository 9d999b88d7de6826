package dev.caravan.inbox;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Records how an attempt ended. The steps of a delivery that succeeded are forgotten with it, so that a replay runs
 * them anew; the event that tells of a dead one is stored with it, so that there is never one without the other.
 */
final class Settle implements InboxWriter.Write<Boolean> {
    private final Settlement settlement;
    private final SystemEvents events;

    /** As it was last applied. */
    private @Nullable StoreEvent news;

    Settle(Settlement settlement, SystemEvents events) {
        this.settlement = settlement;
        this.events = events;
    }

    @Override
    public Boolean apply(WriteSession session) throws SQLException {
        news = null;
        if (!DeliveryTable.settle(session, settlement)) {
            return false;
        }
        if (settlement.state() == DeliveryState.SUCCEEDED) {
            StepTable.drop(session, settlement.deliveryId());
        } else {
            StepTable.mark(session, settlement);
        }
        if (settlement.state() == DeliveryState.DEAD) {
            Optional<Arrival> death = DeadLetterEvent.of(session, settlement);
            if (death.isPresent()) {
                news = events.storing(death.get());
                news.apply(session);
            }
        }
        return true;
    }

    @Override
    public List<Claimed> claims() {
        return news == null ? List.of() : news.claims();
    }

    @Override
    public void committed(Boolean settled) {
        if (news != null) {
            news.committed(List.of());
        }
    }

    @Override
    public void rolledBack() {
        if (news != null) {
            news.rolledBack();
        }
    }
}
