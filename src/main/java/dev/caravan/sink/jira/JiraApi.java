package dev.caravan.sink.jira;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.sink.AdfText;
import dev.caravan.sink.RichText.Block;
import dev.caravan.sink.TextLimit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What differs between the two kinds of Jira. */
enum JiraApi {
    /** https://developer.atlassian.com/cloud/jira/platform/rest/v3/: texts are documents, users have account ids. */
    CLOUD("/rest/api/3/issue", "/rest/api/3/search/jql", "accountId") {
        @Override
        JsonNode richText(List<Block> blocks) {
            return AdfText.of(TextLimit.cut(blocks, LONGEST_TEXT));
        }
    },

    /** https://docs.atlassian.com/software/jira/docs/api/REST/: texts are wiki markup, users have names. */
    SERVER("/rest/api/2/issue", "/rest/api/2/search", "name") {
        @Override
        JsonNode richText(List<Block> blocks) {
            return JsonNodeFactory.instance.textNode(TextLimit.fit(blocks, LONGEST_TEXT, JiraWikiText::of));
        }
    };

    /** Characters that Jira keeps of a long text: https://jira.atlassian.com/browse/JRASERVER-64351. */
    static final int LONGEST_TEXT = 32_767;

    /** Path of the collection of issues. */
    final String issues;

    /** Path of the search. */
    final String search;

    private final String userKey;

    JiraApi(String issues, String search, String userKey) {
        this.issues = issues;
        this.search = search;
        this.userKey = userKey;
    }

    /** @throws IllegalArgumentException if it is none */
    static JiraApi of(@Nullable String name) {
        String given = name == null ? "cloud" : name.strip().toLowerCase(Locale.ROOT);
        return switch (given) {
            case "cloud" -> CLOUD;
            case "server" -> SERVER;
            default ->
                throw new IllegalArgumentException(
                        "jira-issue-sink: the parameter api is " + given + ": give it as cloud or server");
        };
    }

    /** A long text, cut to what Jira keeps. */
    abstract JsonNode richText(List<Block> blocks);

    /** A reference to a user. */
    ObjectNode user(String id) {
        return JsonNodeFactory.instance.objectNode().put(userKey, id);
    }
}
