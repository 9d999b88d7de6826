package dev.caravan.sink.atlassian;

import dev.caravan.sink.Account;
import dev.caravan.sink.VendorAddress;
import dev.caravan.sink.VendorRequest;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Jira or Confluence site and who asks it. Immutable.
 *
 * @param user for basic authentication; null where the token goes alone, as a bearer token
 */
public record AtlassianSite(VendorAddress address, @Nullable String user, String token) {
    private static final String CLOUD = ".atlassian.net";

    /**
     * A site of a step.
     *
     * @throws IllegalArgumentException if the URL is none, or is a Cloud site's, which takes an API token only with the
     *     e-mail address of its account
     */
    public static AtlassianSite of(String baseUrl, @Nullable String user, String token, String kamelet) {
        VendorAddress address = VendorAddress.of(baseUrl, baseUrl);
        if (user == null && isCloud(address)) {
            throw new IllegalArgumentException(
                    kamelet + " needs the parameter email, of the account that the token is of: add it to the step");
        }
        return new AtlassianSite(address, user == null ? null : user.strip(), token.strip());
    }

    private static boolean isCloud(VendorAddress address) {
        return URI.create(address.url()).getHost().toLowerCase(Locale.ROOT).endsWith(CLOUD);
    }

    /** A path below its address, as it stands. */
    public String at(String path) {
        return address.at(path);
    }

    /** The request with the site's credentials. */
    public VendorRequest signed(VendorRequest request) {
        return user == null ? request.bearer(token) : request.basic(user, token);
    }

    /**
     * Whose budget a delivery uses. Atlassian states no rate for API tokens, only answers that ask to wait:
     * https://developer.atlassian.com/cloud/jira/platform/rate-limiting/.
     */
    public Account account(String kamelet) {
        return address.account(kamelet, user == null ? token : user, Optional.empty(), "atlassian.net", 1);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "AtlassianSite[" + address.url() + "]";
    }
}
