package dev.caravan.source;

import dev.caravan.settings.Secret;
import dev.caravan.settings.Settings;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One vendor endpoint, {@code /webhooks/NAME}. Immutable and safe for use by several threads. */
public final class Source {
    private static final int ID_LENGTH = 24;

    private final String name;
    private final Scheme scheme;
    private final EventIdentifier identifier;
    private final Set<String> eventTypes;
    private final List<Secret> secrets;
    private final Set<String> headerNames;
    private final Optional<VendorList> vendorList;

    Source(
            String name,
            Scheme scheme,
            EventIdentifier identifier,
            Set<String> eventTypes,
            List<Secret> secrets,
            Optional<VendorList> vendorList) {
        this.name = name;
        this.scheme = scheme;
        this.identifier = identifier;
        this.eventTypes = Set.copyOf(eventTypes);
        this.secrets = List.copyOf(secrets);
        this.headerNames = headerNames(scheme, identifier);
        this.vendorList = vendorList;
    }

    private static Set<String> headerNames(Scheme scheme, EventIdentifier identifier) {
        Set<String> names = new TreeSet<>();
        scheme.headers().forEach(header -> names.add(header.toLowerCase(Locale.ROOT)));
        identifier.headers().forEach(header -> names.add(header.toLowerCase(Locale.ROOT)));
        return Collections.unmodifiableSet(names);
    }

    /**
     * The sources of {@code caravan.source.NAME.…}, in order of their names. One that cannot be used is left out, and
     * why is a problem in the settings.
     */
    public static List<Source> readAll(Settings settings, Presets presets) {
        return new SourceReader(settings, presets).readAll();
    }

    public String name() {
        return name;
    }

    /** The headers that the source reads, in lower case; no other header is needed but the content type. */
    public Set<String> headerNames() {
        return headerNames;
    }

    /** Those of {@link #headerNames()} whose value is the secret itself, and must not be stored as it is. */
    public Set<String> secretHeaderNames() {
        Set<String> names = new TreeSet<>();
        scheme.secretHeaders().forEach(header -> names.add(header.toLowerCase(Locale.ROOT)));
        return names;
    }

    /** Whether requests can be verified: there is a secret, or the source accepts unsigned requests. */
    public boolean hasSecret() {
        return scheme.ready();
    }

    /** Whether the request comes from the vendor; a signed timestamp is compared with the time of receipt. */
    public Verification verify(IncomingRequest request) {
        return scheme.verify(request);
    }

    /**
     * Like {@link #verify}, of a request that was kept: its credentials stand as digests in its headers, and a signed
     * timestamp is compared with the time at which it was received.
     */
    public Verification verifyKept(IncomingRequest request, CredentialDigests digests) {
        return scheme.verifyKept(request, digests);
    }

    /** What each secret can be recognized by, in the order in which they are configured. */
    public List<String> secretDigests(CredentialDigests digests) {
        return secrets.stream()
                .map(secret -> digests.ofSecret(name, secret.value()))
                .toList();
    }

    /** Whether the other has the same secrets in the same order. */
    public boolean hasSameSecretsAs(Source other) {
        return secrets.equals(other.secrets);
    }

    /** What the request holds. Says nothing about whether it comes from the vendor. */
    public Identification identify(IncomingRequest request) {
        return identifier.identify(request);
    }

    /** Like {@link #sign(byte[], String, Instant, String)} for a vendor who sends no type in a header. */
    public Map<String, String> sign(byte[] body, String uri, Instant now) {
        return sign(body, uri, now, null);
    }

    /**
     * The headers that the vendor would send with a body, signed with the first secret; unsigned where there is none.
     * An id that the vendor sends in a header is made from the body, so that the same body is the same event.
     *
     * @param uri path and query
     * @param eventType for vendors who send it in a header
     */
    public Map<String, String> sign(byte[] body, String uri, Instant now, @Nullable String eventType) {
        Map<String, String> headers = new LinkedHashMap<>(scheme.sign(body, uri, now));
        Set<String> present = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        present.addAll(headers.keySet());
        if (eventType != null) {
            identifier.typeHeaders().stream().filter(present::add).forEach(header -> headers.put(header, eventType));
        }
        String id = "msg_" + Digests.sha256(body).substring(0, ID_LENGTH);
        identifier.keyHeaders().stream().filter(present::add).forEach(header -> headers.put(header, id));
        return headers;
    }

    /**
     * The smallest event of a type, for a vendor of whom there is no sample. Empty where none can be made, as where a
     * request holds a list of events.
     */
    public Optional<Example> example(String type) {
        return identifier.example(type);
    }

    /** The event types that the vendor is known to send; others are accepted as well. */
    public Set<String> eventTypes() {
        return eventTypes;
    }

    /** Where the vendor lists what it has sent events about, if that is known. */
    public Optional<VendorList> vendorList() {
        return vendorList;
    }

    /** The name, and nothing else. */
    @Override
    public String toString() {
        return name;
    }
}
