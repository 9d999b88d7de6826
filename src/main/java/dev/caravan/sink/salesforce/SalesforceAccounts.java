package dev.caravan.sink.salesforce;

import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;

/** The connections of a Camel context, one for each account, open as long as a sink uses them. Thread-safe. */
final class SalesforceAccounts {
    private static final Object CREATION = new Object();

    private final CamelContext camel;
    private final Map<SalesforceAccount, Shared> open = new HashMap<>();

    private SalesforceAccounts(CamelContext camel) {
        this.camel = camel;
    }

    private static final class Shared {
        private final SalesforceConnection connection;
        private int users;

        Shared(SalesforceConnection connection) {
            this.connection = connection;
        }
    }

    static SalesforceAccounts of(CamelContext camel) {
        synchronized (CREATION) {
            SalesforceAccounts known = camel.getCamelContextExtension().getContextPlugin(SalesforceAccounts.class);
            if (known == null) {
                known = new SalesforceAccounts(camel);
                camel.getCamelContextExtension().addContextPlugin(SalesforceAccounts.class, known);
            }
            return known;
        }
    }

    /** The account's connection, which the caller has to {@link #release}. */
    synchronized SalesforceConnection take(SalesforceAccount account) {
        Shared shared = open.computeIfAbsent(account, one -> new Shared(SalesforceConnection.open(one, camel)));
        shared.users++;
        return shared.connection;
    }

    /** Closes the account's connection if nobody else uses it. */
    void release(SalesforceAccount account) {
        SalesforceConnection last = null;
        synchronized (this) {
            Shared shared = open.get(account);
            if (shared != null && --shared.users == 0) {
                open.remove(account);
                last = shared.connection;
            }
        }
        if (last != null) {
            last.close();
        }
    }
}
