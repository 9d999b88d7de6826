package dev.caravan.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import java.io.IOException;
import java.io.StringReader;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/**
 * What a vendor reads from a request: its texts without the vendor's markup and escapes. What is not well-formed is an
 * {@link AssertionError}.
 */
final class ReadRequest {
    /** Where markup is: XHTML. */
    private static final Set<String> HTML = Set.of("hs_note_body", "html", "storage", "text/html");

    private final List<String> texts = new ArrayList<>();

    private ReadRequest() {}

    /** The texts of a request's JSON body, form or query. */
    static List<String> texts(LoggedRequest request) {
        ReadRequest read = new ReadRequest();
        String body = request.getBodyAsString();
        if (body.startsWith("{") || body.startsWith("[")) {
            read.json("", ShippedRoutes.json(body));
        } else {
            read.form(body);
        }
        int query = request.getUrl().indexOf('?');
        if (query >= 0) {
            read.form(request.getUrl().substring(query + 1));
        }
        return read.texts;
    }

    /** The texts of a message to Slack, without its mentions and links. */
    static List<String> slack(LoggedRequest message) {
        return texts(message).stream()
                .map(text -> text.replaceAll("<[^>]*>", "")
                        .replace("&lt;", "<")
                        .replace("&gt;", ">")
                        .replace("&amp;", "&"))
                .toList();
    }

    private void form(String form) {
        for (String pair : form.split("&", -1)) {
            String value = URLDecoder.decode(pair.substring(pair.indexOf('=') + 1), StandardCharsets.UTF_8);
            if (value.startsWith("{") || value.startsWith("[")) {
                json("", ShippedRoutes.json(value));
            } else {
                texts.add(value);
            }
        }
    }

    private void json(String name, JsonNode node) {
        if (node.path("type").asText().equals("doc")) {
            texts.add(adf(node));
        } else if (node.isArray() && node.path(0).path("text").has("content")) {
            StringBuilder joined = new StringBuilder();
            node.forEach(item -> joined.append(item.at("/text/content").asText()));
            texts.add(joined.toString());
        } else if (node.isObject()) {
            node.properties().forEach(field -> {
                texts.add(field.getKey());
                json(kind(field.getKey(), node), field.getValue());
            });
        } else if (node.isArray()) {
            node.forEach(item -> json(name, item));
        } else if (node.isTextual()) {
            texts.add(text(name, node.asText()));
        }
    }

    /** The field's name, or what the object says that its value is. */
    private static String kind(String name, JsonNode object) {
        String stated = object.path("representation").asText(object.path("type").asText());
        boolean linear = name.equals("description") && object.has("teamId");
        return linear ? "markdown" : name.equals("value") ? stated : name;
    }

    private static String text(String kind, String text) {
        return HTML.contains(kind) ? html(text) : kind.equals("markdown") ? markdown(text) : text;
    }

    /** The text of XHTML, or of the XHTML that is an HTML page's body. */
    static String html(String html) {
        String body = html.replaceAll("(?s)^<!DOCTYPE.*<body>|</body></html>\\s*$", "");
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader("<x>" + body + "</x>")))
                    .getDocumentElement()
                    .getTextContent();
        } catch (SAXException | IOException | ParserConfigurationException broken) {
            throw new AssertionError("not well-formed: " + html, broken);
        }
    }

    private static String markdown(String text) {
        return text.replaceAll("\\\\([\\p{Punct}\n])|\\*\\*|\\[[^\\]]*\\]\\([^)]*\\)", "$1")
                .replaceAll("&#(?:32|9);", " ");
    }

    private static String adf(JsonNode node) {
        StringBuilder joined = new StringBuilder(node.path("text").asText());
        node.path("content").forEach(child -> joined.append(adf(child)).append(' '));
        return joined.toString();
    }
}
