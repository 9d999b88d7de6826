package dev.caravan.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.source.VendorList;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Walks the pages of a vendor's list: from cursor to cursor where the answers hold one, else by number until a page
 * brings nothing. A list that goes in a circle is a failure, never an endless walk and never taken for complete.
 */
final class Pages {
    private static final int MOST = 10_000;

    private final VendorList list;
    private final VendorList.Paging paging;
    private final String option;
    private final VendorClient client;

    Pages(String source, VendorList list, VendorClient client) {
        this.list = list;
        this.paging = list.paging();
        this.option = "caravan.source." + source + ".reconcile.";
        this.client = client;
    }

    /**
     * Gives each page's items to {@code page}, which says whether one of them was new.
     *
     * @throws VendorFailure where a page cannot be had; those before it were given
     */
    void walk(Instant since, Predicate<JsonNode> page) {
        Set<String> visited = new HashSet<>();
        Optional<URI> next = Optional.of(numbered(since, 1));
        for (int number = 1; next.isPresent(); number++) {
            URI uri = next.get();
            if (number > MOST) {
                throw new VendorFailure("The list has more than " + MOST + " pages: compare a shorter time.");
            }
            JsonNode answer = client.get(uri);
            JsonNode items = answer.at(paging.items());
            if (!items.isArray()) {
                throw new VendorFailure(VendorClient.named(uri) + " answered no list at \"" + paging.items()
                        + "\": set " + option + "items to where it is.");
            }
            boolean brought = page.test(items);
            next = paging.next().isPresent()
                    ? linked(since, uri, answer, visited)
                    : following(since, number, items, brought);
        }
    }

    private Optional<URI> following(Instant since, int number, JsonNode items, boolean brought) {
        if (paging.page().isEmpty() || items.isEmpty()) {
            return Optional.empty();
        }
        if (number > 1 && !brought) {
            if (items.size() < paging.pageSize()) {
                return Optional.empty();
            }
            throw new VendorFailure("Page " + number + " of the list brings what was on the pages before it: is \""
                    + paging.page() + "\" what chooses the page? See " + option + "page-parameter and " + option
                    + "next.");
        }
        return Optional.of(numbered(since, number + 1));
    }

    private Optional<URI> linked(Instant since, URI from, JsonNode answer, Set<String> visited) {
        String value = paging.next().map(answer::at).map(JsonNode::asText).orElse("");
        if (value.isEmpty() || value.equals("null")) {
            return Optional.empty();
        }
        if (!visited.add(value)) {
            throw new VendorFailure("The list leads in a circle: what stands at " + option + "next came twice.");
        }
        boolean link = value.startsWith("/") || value.contains("://");
        return Optional.of(link ? sameOrigin(from, value) : cursor(since, value));
    }

    private URI sameOrigin(URI from, String link) {
        try {
            URI next = from.resolve(link);
            if (String.valueOf(list.url().getScheme()).equals(next.getScheme())
                    && String.valueOf(list.url().getAuthority()).equals(next.getAuthority())) {
                return next;
            }
        } catch (IllegalArgumentException e) {
            throw new VendorFailure("What stands at " + option + "next is no URL.");
        }
        throw new VendorFailure("What stands at " + option + "next leads to another host, where the key must not go.");
    }

    private URI numbered(Instant since, int number) {
        Map<String, String> parameters = usual(since);
        if (paging.next().isEmpty()) {
            parameters.put(paging.page(), Integer.toString(number));
        }
        return with(parameters);
    }

    private URI cursor(Instant since, String cursor) {
        Map<String, String> parameters = usual(since);
        parameters.put(paging.cursor(), cursor);
        return with(parameters);
    }

    private Map<String, String> usual(Instant since) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put(paging.since(), since.truncatedTo(ChronoUnit.SECONDS).toString());
        parameters.put(paging.size(), Integer.toString(paging.pageSize()));
        return parameters;
    }

    private URI with(Map<String, String> parameters) {
        StringBuilder uri = new StringBuilder(list.url().toString());
        char separator = list.url().getRawQuery() == null ? '?' : '&';
        for (Map.Entry<String, String> parameter : parameters.entrySet()) {
            if (!parameter.getKey().isEmpty()) {
                uri.append(separator)
                        .append(encoded(parameter.getKey()))
                        .append('=')
                        .append(encoded(parameter.getValue()));
                separator = '&';
            }
        }
        return URI.create(uri.toString());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
