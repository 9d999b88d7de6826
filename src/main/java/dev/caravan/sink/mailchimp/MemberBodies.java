package dev.caravan.sink.mailchimp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** The bodies of the requests about a member (mailchimp.com/developer/marketing/api/list-members), and its hash. */
final class MemberBodies {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private MemberBodies() {}

    /** Without a status, so that who has unsubscribed stays so. */
    static JsonNode profile(String address, String statusIfNew, JsonNode mergeFields) {
        ObjectNode member = JSON.objectNode().put("email_address", address).put("status_if_new", statusIfNew);
        if (!mergeFields.isEmpty()) {
            member.set("merge_fields", mergeFields);
        }
        return member;
    }

    static JsonNode tags(List<String> names) {
        ObjectNode body = JSON.objectNode();
        ArrayNode tags = body.putArray("tags");
        names.forEach(name -> tags.addObject().put("name", name).put("status", "active"));
        return body.put("is_syncing", false);
    }

    /** @param key the delivery's, to be found again at Mailchimp */
    static JsonNode event(String name, String key) {
        ObjectNode body = JSON.objectNode().put("name", name);
        body.putObject("properties").put("caravan_delivery", key);
        return body;
    }

    /** How a member is known in URLs: MD5 by Mailchimp's choice, of no use as a secret. */
    static String hash(String address) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5")
                    .digest(address.toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("This Java has no MD5", missing);
        }
    }
}
