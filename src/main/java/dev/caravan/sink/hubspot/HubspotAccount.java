package dev.caravan.sink.hubspot;

import dev.caravan.sink.Account;
import dev.caravan.sink.Rate;
import dev.caravan.sink.VendorAddress;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose records a step writes or reads. */
record HubspotAccount(String token, VendorAddress address) {
    private static final String OWN = "https://api.hubapi.com";

    /** What a private app of the lower tiers may send (developers.hubspot.com, changelog: increasing our API limits). */
    private static final Rate STATED = new Rate(100, Duration.ofSeconds(10));

    /** @throws IllegalArgumentException if {@code baseUrl} is no URL */
    static HubspotAccount of(String token, @Nullable String baseUrl) {
        return new HubspotAccount(token.strip(), VendorAddress.of(baseUrl, OWN));
    }

    Account budget(String kamelet, int requests) {
        return address.account(kamelet, token, Optional.of(STATED), "hubapi.com", requests);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "HubspotAccount[" + address.url() + "]";
    }
}
