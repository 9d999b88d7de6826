package dev.caravan.sink;

import dev.caravan.delivery.StepFailure;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a vendor's API is: its own address, or that of a proxy or a stand-in. Immutable.
 *
 * @param url without a slash at its end
 */
public record VendorAddress(String url) {

    /**
     * Reads the parameter {@code baseUrl}.
     *
     * @param given null where it is not given
     * @param own the vendor's
     * @throws IllegalArgumentException if it is no http or https URL; not quoted, since it may hold a secret
     */
    public static VendorAddress of(@Nullable String given, String own) {
        String url = (given == null ? own : given).strip().replaceAll("/+$", "");
        if (!UrlText.isWeb(url) || UrlText.host(url).isEmpty()) {
            throw new IllegalArgumentException("The parameter baseUrl is not an http or https URL: mend it");
        }
        return new VendorAddress(url);
    }

    /** A path below it, as it stands: nothing of a payload may be in it. */
    public String at(String path) {
        return url + path;
    }

    /**
     * One segment of a path, percent-encoded, so that it stays one.
     *
     * @param name of the parameter, for the message
     * @throws StepFailure permanent, if it is empty or would lead to another path
     */
    public static String segment(String value, String name) {
        if (value.isBlank() || value.equals(".") || value.equals("..")) {
            throw StepFailure.permanent("The parameter " + name + " is empty or no id for this event: mend it");
        }
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /**
     * Whose budget requests to it use.
     *
     * @param who what names the account at its vendor; only a digest is kept
     * @param stated holds on the vendor's own host alone
     * @param vendorHost the vendor's own host, or the part after a dot that its hosts share
     * @param requests that one delivery makes at most
     */
    public Account account(String kamelet, String who, Optional<Rate> stated, String vendorHost, int requests) {
        return Account.of(kamelet, url + " " + who, stated, vendorHost, url, requests);
    }
}
