package dev.caravan.sink.salesforce;

import dev.caravan.sink.VendorAddress;
import java.net.URI;
import java.security.PrivateKey;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Whom a step logs in as. Steps with equal ones share a login.
 *
 * @param loginUrl without a slash at its end
 * @param clientId the consumer key of the external client app
 * @param clientSecret for the client credentials flow; null in the JWT bearer flow
 * @param username for the JWT bearer flow; null in the client credentials flow
 * @param privateKey of {@code username}'s flow
 */
record SalesforceAccount(
        String loginUrl,
        String clientId,
        @Nullable String clientSecret,
        @Nullable String username,
        @Nullable PrivateKey privateKey) {
    private static final String PRODUCTION = "https://login.salesforce.com";
    private static final String SANDBOX = "https://test.salesforce.com";

    /**
     * Reads the parameters of a login.
     *
     * @throws IllegalArgumentException if they are not those of one flow; the message holds no secret
     */
    static SalesforceAccount of(
            String kamelet,
            @Nullable String loginUrl,
            String clientId,
            @Nullable String clientSecret,
            @Nullable String username,
            @Nullable String privateKey) {
        String url = url(kamelet, loginUrl == null ? PRODUCTION : loginUrl);
        if (username != null && privateKey != null && clientSecret == null) {
            return new SalesforceAccount(
                    url, clientId.strip(), null, username.strip(), PemKey.read(kamelet, privateKey));
        }
        if (clientSecret == null || username != null || privateKey != null) {
            throw new IllegalArgumentException(
                    kamelet
                            + " needs either clientSecret (client credentials) or username and privateKey (JWT bearer): give one of the two");
        }
        return new SalesforceAccount(url, clientId.strip(), clientSecret.strip(), null, null);
    }

    private static String url(String kamelet, String text) {
        try {
            return VendorAddress.of(text, PRODUCTION).url();
        } catch (IllegalArgumentException notUrl) {
            throw new IllegalArgumentException(
                    "The parameter loginUrl of " + kamelet + " is not an http or https URL: mend it", notUrl);
        }
    }

    /**
     * For whom an assertion is made: production or sandbox
     * (help.salesforce.com, remoteaccess_oauth_jwt_flow).
     */
    String audience() {
        String host = URI.create(loginUrl).getHost();
        String lower = host == null ? "" : host.toLowerCase(Locale.ROOT);
        boolean sandbox = lower.equals("test.salesforce.com") || lower.contains(".sandbox.");
        return sandbox ? SANDBOX : PRODUCTION;
    }

    /** What names the account, for its rate budget. */
    String name() {
        return loginUrl + " " + clientId + " " + username;
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "SalesforceAccount[" + loginUrl + "]";
    }
}
