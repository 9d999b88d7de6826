package dev.caravan.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.client.MappingBuilder;
import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.dryrun.VendorAnswers;
import dev.caravan.sink.OutboundRecorder;
import java.net.URI;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A stand-in for every vendor's HTTP API at once: it answers as the demo's vendors do, at {@code /~/https/HOST/PATH}, and
 * every request counts for the contract check of its host's vendor. Give {@link #keys} to {@link ShippedRoutes#start}.
 */
final class Vendors implements AutoCloseable {
    static final String SALESFORCE = "login.salesforce.com";
    static final String ATLASSIAN = "acme.atlassian.net";
    static final String LINEAR = "api.linear.app";
    static final String HUBSPOT = "api.hubapi.com";
    static final String NOTION = "api.notion.com";
    static final String AIRTABLE = "api.airtable.com";
    static final String SENDGRID = "api.sendgrid.com";
    static final String MAILCHIMP = "us6.api.mailchimp.com";
    static final String MANDRILL = "mandrillapp.com";
    static final String AMPLITUDE = "api2.amplitude.com";
    static final String MIXPANEL = "api.mixpanel.com";
    static final String HEAP = "heapanalytics.com";
    static final String KOJI = "api.koji.so";

    private static final String UUID = "9f3a7c1e-5b2d-4e8f-a6c4-0d1e2f3a4b5c";

    /** The names that the contract check has, by host. */
    private static final Map<String, String> SINKS = Map.ofEntries(
            Map.entry(LINEAR, "linear"),
            Map.entry(HUBSPOT, "hubspot"),
            Map.entry(NOTION, "notion"),
            Map.entry(AIRTABLE, "airtable"),
            Map.entry(SENDGRID, "sendgrid"),
            Map.entry(MAILCHIMP, "mailchimp"),
            Map.entry(MANDRILL, "mandrill"),
            Map.entry(AMPLITUDE, "amplitude"),
            Map.entry(MIXPANEL, "mixpanel"),
            Map.entry(HEAP, "heap"));

    final WireMockServer server = new WireMockServer(WireMockConfiguration.options()
            .dynamicPort()
            .gzipDisabled(true)
            .stubCorsEnabled(false)
            .extensions(new VendorAnswers()));

    private Vendors(String label, String... literals) {
        server.start();
        server.stubFor(WireMock.any(WireMock.anyUrl())
                .atPriority(10)
                .willReturn(WireMock.aResponse().withTransformers(VendorAnswers.NAME)));
        OutboundRecorder.record(server, Vendors::sink, label, literals);
    }

    /**
     * Starts it.
     *
     * @param label shown where a request violates its contract
     * @param literals data that looks like a leftover of a template on purpose
     */
    static Vendors start(String label, String... literals) {
        return new Vendors(label, literals);
    }

    /** As the contract check names the vendor that a request is for. */
    static String sink(Request request) {
        String[] parts = request.getUrl().split("/", 5);
        String host = parts.length < 4 ? "" : parts[3];
        if (host.equals(ATLASSIAN)) {
            return request.getUrl().contains("/wiki/") ? "confluence" : "jira";
        }
        return host.endsWith(".salesforce.com") ? "salesforce" : SINKS.getOrDefault(host, "http");
    }

    /** Where the stand-in plays a host. */
    String url(String host) {
        return server.baseUrl() + "/~/https/" + host;
    }

    /** Lines for {@code application.properties} with which every vendor is configured. */
    String[] keys() {
        return all().values().stream().flatMap(List::stream).toArray(String[]::new);
    }

    /** The lines for some of them, by the first part of their keys. */
    String[] keys(String... vendors) {
        return Arrays.stream(vendors)
                .flatMap(vendor -> Objects.requireNonNull(all().get(vendor), vendor).stream())
                .toArray(String[]::new);
    }

    /** Lines and more lines. */
    static String[] with(String[] lines, String... more) {
        return Stream.concat(Arrays.stream(lines), Arrays.stream(more)).toArray(String[]::new);
    }

    private Map<String, List<String>> all() {
        Map<String, List<String>> all = new LinkedHashMap<>();
        all.put(
                "salesforce",
                List.of(
                        "salesforce.login-url = " + url(SALESFORCE),
                        "salesforce.client-id = 3MVG9test",
                        "salesforce.client-secret = sf-secret"));
        all.put(
                "jira",
                List.of(
                        "jira.base-url = " + url(ATLASSIAN),
                        "jira.email = bot@acme.example",
                        "jira.token = ATATT3xFfGF0test",
                        "jira.project = OPS"));
        all.put(
                "linear",
                List.of(
                        "linear.api-key = lin_api_0123456789abcdefghij",
                        "linear.team-id = " + UUID,
                        "linear.base-url = " + url(LINEAR)));
        all.put("hubspot", List.of("hubspot.token = pat-na1-" + UUID, "hubspot.base-url = " + url(HUBSPOT)));
        all.put(
                "notion",
                List.of(
                        "notion.token = ntn_0123456789abcdefghijklmnopqrstuvwxyz",
                        "notion.base-url = " + url(NOTION),
                        "notion.data-source-id = " + UUID));
        all.put(
                "confluence",
                List.of(
                        "confluence.base-url = " + url(ATLASSIAN),
                        "confluence.email = bot@acme.example",
                        "confluence.token = ATATT3xFfGF0test",
                        "confluence.space-id = 65538"));
        all.put(
                "airtable",
                List.of(
                        "airtable.token = patAbCdEfGhIjKlMn.0123456789abcdef",
                        "airtable.base-url = " + url(AIRTABLE),
                        "airtable.base-id = appAbCdEfGhIjKlMn",
                        "airtable.table = Participants"));
        all.put(
                "sendgrid",
                List.of(
                        "sendgrid.api-key = SG.0123456789abcdefghijkl.0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
                        "sendgrid.base-url = " + url(SENDGRID),
                        "sendgrid.from = research@acme.example"));
        all.put(
                "mailchimp",
                List.of(
                        "mailchimp.api-key = 0123456789abcdef0123456789abcdef-us6",
                        "mailchimp.base-url = " + url(MAILCHIMP),
                        "mailchimp.list-id = a1b2c3d4e5"));
        all.put(
                "mandrill",
                List.of(
                        "mandrill.api-key = md-0123456789abcdefghij",
                        "mandrill.base-url = " + url(MANDRILL),
                        "mandrill.from = research@acme.example"));
        all.put(
                "amplitude",
                List.of(
                        "amplitude.api-key = 0123456789abcdef0123456789abcdef",
                        "amplitude.base-url = " + url(AMPLITUDE)));
        all.put(
                "mixpanel",
                List.of(
                        "mixpanel.token = 0123456789abcdef0123456789abcdef",
                        "mixpanel.project-id = 1234567",
                        "mixpanel.service-account = caravan.1a2b3c.mp-service-account",
                        "mixpanel.service-secret = mp-secret",
                        "mixpanel.base-url = " + url(MIXPANEL)));
        all.put("heap", List.of("heap.app-id = 1234567890", "heap.base-url = " + url(HEAP)));
        all.put("koji", List.of("koji.api-key = kj-test-key", "koji.base-url = " + url(KOJI)));
        return all;
    }

    /**
     * A stub for requests to a host, before what the stand-in answers by itself.
     *
     * @param path a regular expression for the path, without the query
     */
    static MappingBuilder request(String method, String host, String path) {
        return WireMock.request(method, WireMock.urlPathMatching("/(~|%7E)/https/" + host.replace(".", "\\.") + path));
    }

    /** What a host was asked, in the order in which it was. */
    List<LoggedRequest> requests(String host) {
        return requests(host, ".*");
    }

    /** The same for paths that match. */
    List<LoggedRequest> requests(String host, String path) {
        return server
                .findAll(WireMock.anyRequestedFor(
                        WireMock.urlPathMatching("/(~|%7E)/https/" + host.replace(".", "\\.") + path)))
                .stream()
                .sorted(Comparator.comparing(LoggedRequest::getLoggedDate))
                .toList();
    }

    /** Their JSON bodies. */
    List<JsonNode> bodies(String host, String path) {
        return requests(host, path).stream()
                .map(request -> ShippedRoutes.json(request.getBodyAsString()))
                .toList();
    }

    /** The hosts that were asked, each once. */
    List<String> hosts() {
        return server.getAllServeEvents().stream()
                .map(event -> URI.create(event.getRequest().getUrl()).getPath().split("/", 5))
                .filter(parts -> parts.length > 3)
                .map(parts -> parts[3])
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public void close() {
        server.stop();
    }
}
