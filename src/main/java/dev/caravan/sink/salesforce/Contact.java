package dev.caravan.sink.salesforce;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * A contact that a query has found.
 *
 * @param accountId null where it belongs to no account
 * @param accountOwnerId whoever has the account; null where there is none
 */
record Contact(
        String id,
        @Nullable String ownerId,
        @Nullable String accountId,
        @Nullable String accountOwnerId) {
    /** What {@link #of} reads. */
    static final String FIELDS = "Id, OwnerId, AccountId, Account.OwnerId";

    static Contact of(JsonNode record) {
        return new Contact(
                record.path("Id").asText(),
                text(record.path("OwnerId")),
                text(record.path("AccountId")),
                text(record.path("Account").path("OwnerId")));
    }

    private static @Nullable String text(JsonNode value) {
        return value.isTextual() ? value.asText() : null;
    }
}
