package dev.caravan.sink.salesforce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import org.eclipse.jetty.client.FormRequestContent;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.util.Fields;

/**
 * The token request of the JWT bearer flow (help.salesforce.com, remoteaccess_oauth_jwt_flow): an assertion signed with
 * RS256 that is good for three minutes. Thread-safe.
 */
final class JwtBearer {
    private static final String TOKEN_PATH = "/services/oauth2/token";
    private static final Duration GOOD_FOR = Duration.ofMinutes(3);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final SalesforceAccount account;
    private final PrivateKey key;
    private final Clock clock;

    JwtBearer(SalesforceAccount account, PrivateKey key, Clock clock) {
        this.account = account;
        this.key = key;
        this.clock = clock;
    }

    /** Gives a request for a token this flow's body; leaves any other as it is. */
    void complete(Request request) {
        if (request.getPath().endsWith(TOKEN_PATH)) {
            Fields fields = new Fields();
            fields.put("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer");
            fields.put("assertion", assertion());
            request.body(new FormRequestContent(fields));
        }
    }

    private String assertion() {
        ObjectNode claims = JSON.createObjectNode();
        claims.put("iss", account.clientId());
        claims.put("sub", account.username());
        claims.put("aud", account.audience());
        claims.put("exp", clock.instant().plus(GOOD_FOR).getEpochSecond());
        try {
            String signed = encoded("{\"alg\":\"RS256\"}") + "." + encoded(JSON.writeValueAsString(claims));
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException | JsonProcessingException failed) {
            throw new IllegalStateException("The login's assertion cannot be signed", failed);
        }
    }

    private static String encoded(String json) {
        return BASE64.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
