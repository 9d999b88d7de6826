package dev.caravan.sink.salesforce;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import dev.caravan.delivery.StepFailure;
import dev.caravan.delivery.StepFailure.Kind;
import dev.caravan.sink.SinkRoutes;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.component.salesforce.api.SalesforceException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SalesforceClientTest {
    private static final String SOQL = "SELECT Id FROM Contact WHERE Email = 'a+b@c.de' LIMIT 2";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final SalesforceStandIn org = new SalesforceStandIn("SalesforceClient");
    private final SinkRoutes routes = SinkRoutes.sending();

    @AfterEach
    void stop() {
        routes.close();
        org.close();
    }

    private SalesforceClient client() throws Exception {
        return client("secret", null, null);
    }

    private SalesforceClient client(@Nullable String secret, @Nullable String user, @Nullable String key)
            throws Exception {
        return SalesforceClient.open(
                SalesforceAccount.of("salesforce-upsert-sink", org.url() + "/", "client", secret, user, key),
                "67.0",
                routes.camel);
    }

    private static ObjectNode onePart() throws Exception {
        return (ObjectNode) JSON.readTree("""
                {"allOrNone":true,"compositeRequest":[{"method":"PATCH","url":"/services/data/v67.0/sobjects/Contact/003000000000001AAA",
                "referenceId":"contact","body":{"Score__c":7}}]}""");
    }

    @Test
    void theFirstRequestLogsInAndTheQueryArrivesEncoded() throws Exception {
        org.finds(SalesforceStandIn.contact("003000000000001AAA"));
        try (SalesforceClient client = client()) {
            assertThat(org.requests(SalesforceStandIn.TOKEN)).isEmpty();
            assertThat(client.query(SOQL)).hasSize(1);
            client.query(SOQL);
        }
        assertThat(org.soql()).isEqualTo(SOQL);
        assertThat(org.requests(SalesforceStandIn.TOKEN)).hasSize(1);
        assertThat(org.requests(SalesforceStandIn.TOKEN).get(0).getBodyAsString())
                .contains("grant_type=client_credentials", "client_id=client", "client_secret=secret");
        LoggedRequest asked = org.requests(SalesforceStandIn.QUERY).get(0);
        assertThat(asked.getUrl()).contains("a%2Bb%40c.de");
        assertThat(asked.getHeader("Authorization")).isEqualTo("Bearer 00D000000000000!token1");
    }

    @Test
    void stepsOfOneAccountShareItsLoginUntilTheLastIsClosed() throws Exception {
        SalesforceClient one = client();
        SalesforceClient other = client();
        one.query(SOQL);
        one.close();
        other.query(SOQL);
        assertThat(org.requests(SalesforceStandIn.TOKEN)).hasSize(1);
        assertThat(org.requests("/services/oauth2/revoke")).isEmpty();
        other.close();
        assertThat(org.requests("/services/oauth2/revoke")).hasSize(1);
    }

    @Test
    void aSessionThatHasEndedIsRenewedOnce() throws Exception {
        try (SalesforceClient client = client()) {
            client.query(SOQL);
            org.does(1);
            org.server.stubFor(
                    post(urlPathEqualTo(SalesforceStandIn.COMPOSITE))
                            .withHeader("Authorization", equalTo("Bearer 00D000000000000!token1"))
                            .willReturn(
                                    aResponse()
                                            .withStatus(401)
                                            .withBody(
                                                    "[{\"message\":\"Session expired or invalid\",\"errorCode\":\"INVALID_SESSION_ID\"}]")));
            org.nextLogin();
            client.composite(onePart());
        }
        assertThat(org.requests(SalesforceStandIn.TOKEN)).hasSize(2);
        assertThat(org.requests(SalesforceStandIn.COMPOSITE))
                .extracting(request -> request.getHeader("Authorization"))
                .containsExactly("Bearer 00D000000000000!token2", "Bearer 00D000000000000!token1");
        assertThat(org.composite()
                        .path("compositeRequest")
                        .get(0)
                        .path("body")
                        .path("Score__c")
                        .asInt())
                .isEqualTo(7);
    }

    @Test
    void deliveriesWhoseSessionEndsTogetherLogInOnce() throws Exception {
        org.finds();
        try (SalesforceClient client = client()) {
            client.query(SOQL);
            org.server.stubFor(get(urlPathEqualTo(SalesforceStandIn.QUERY))
                    .withHeader("Authorization", equalTo("Bearer 00D000000000000!token1"))
                    .willReturn(aResponse()
                            .withStatus(401)
                            .withFixedDelay(200)
                            .withBody("[{\"message\":\"x\",\"errorCode\":\"INVALID_SESSION_ID\"}]")));
            org.nextLogin();
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try {
                List<Callable<List<JsonNode>>> asked = Collections.nCopies(8, () -> client.query(SOQL));
                for (Future<List<JsonNode>> answer : threads.invokeAll(asked)) {
                    assertThat(answer.get()).isEmpty();
                }
            } finally {
                threads.shutdownNow();
            }
        }
        assertThat(org.requests(SalesforceStandIn.TOKEN)).hasSize(2);
    }

    @Test
    void whatIsKnownOfALostAnswerDependsOnWhenItWasLost() {
        SalesforceFailures failures = new SalesforceFailures(SinkRoutes.CLOCK);
        Map<Exception, Kind> kinds = Map.of(
                new TimeoutException("Total timeout 30000 ms elapsed"), Kind.UNSURE,
                new EOFException("closed"), Kind.UNSURE,
                new SocketTimeoutException("Connect Timeout"), Kind.PASSING,
                new ConnectException("Connection refused"), Kind.PASSING,
                new UnknownHostException("acme.my.salesforce.com"), Kind.PASSING);
        kinds.forEach((cause, kind) -> {
            SalesforceException lost = new SalesforceException("payload", 0, cause);
            assertThat(failures.of(lost, true).kind()).as("%s", cause).isEqualTo(kind);
            assertThat(failures.of(lost, false).kind()).as("%s", cause).isEqualTo(Kind.PASSING);
            assertThat(failures.of(lost, true)).hasNoCause().hasMessageNotContaining("payload");
        });
    }

    @Test
    void aSessionThatIsRefusedAgainPasses() throws Exception {
        org.answers(
                aResponse().withStatus(401).withBody("[{\"message\":\"no\",\"errorCode\":\"INVALID_SESSION_ID\"}]"));
        assertThat(compositeFailure().kind()).isEqualTo(Kind.PASSING);
        assertThat(org.requests(SalesforceStandIn.COMPOSITE)).hasSize(2);
    }

    private StepFailure compositeFailure() throws Exception {
        try (SalesforceClient client = client()) {
            return catchThrowableOfType(StepFailure.class, () -> client.composite(onePart()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, invalid_grant, PERMANENT",
        "400, invalid_client_id, PERMANENT",
        "401, invalid_client, PERMANENT",
        "403, x, PERMANENT",
        "503, x, PASSING",
        "500, x, PASSING"
    })
    void aLoginThatDoesNotSucceedDeliversNothing(int status, String error, Kind kind) throws Exception {
        org.server.stubFor(post(urlPathEqualTo(SalesforceStandIn.TOKEN))
                .willReturn(aResponse()
                        .withStatus(status)
                        .withBody("{\"error\":\"" + error + "\",\"error_description\":\"payload\"}")));
        StepFailure failure = compositeFailure();
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure)
                .hasMessageContaining("login")
                .hasMessageNotContaining("payload")
                .hasNoCause();
        assertThat(org.requests(SalesforceStandIn.COMPOSITE)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "403, REQUEST_LIMIT_EXCEEDED, TotalRequests Limit exceeded., PASSING, 60",
        "403, REQUEST_LIMIT_EXCEEDED, ConcurrentRequests (Concurrent API Requests) Limit exceeded., PASSING, 1",
        "400, UNABLE_TO_LOCK_ROW, x, PASSING, 0",
        "503, SERVER_UNAVAILABLE, x, PASSING, 0",
        "403, INSUFFICIENT_ACCESS, x, PERMANENT, 0",
        "400, JSON_PARSER_ERROR, x, PERMANENT, 0",
        "404, NOT_FOUND, x, PERMANENT, 0",
        "500, UNKNOWN_EXCEPTION, x, UNSURE, 0"
    })
    void aRefusalIsReadByItsCode(int status, String code, String message, Kind kind, int minutes) throws Exception {
        org.answers(aResponse()
                .withStatus(status)
                .withBody("[{\"message\":\"" + message + "\",\"errorCode\":\"" + code + "\"}]"));
        StepFailure failure = compositeFailure();
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.httpStatus()).isEqualTo(status);
        assertThat(failure).hasMessageContaining(code).hasNoCause();
        assertThat(failure.isLimited()).isEqualTo(minutes > 0);
        assertThat(failure.retryAfter().orElse(Duration.ZERO)).isEqualTo(Duration.ofMinutes(minutes));
    }

    @ParameterizedTest
    @CsvSource({
        "400, FIELD_CUSTOM_VALIDATION_EXCEPTION, PERMANENT, false",
        "400, REQUIRED_FIELD_MISSING, PERMANENT, false",
        "400, DUPLICATE_VALUE, PERMANENT, false",
        "400, DUPLICATES_DETECTED, PERMANENT, false",
        "400, UNABLE_TO_LOCK_ROW, PASSING, false",
        "403, REQUEST_LIMIT_EXCEEDED, PASSING, true",
        "500, UNKNOWN_EXCEPTION, PASSING, false"
    })
    void aCompositeThatWasRolledBackIsReadByTheFirstPartThatFailedItself(
            int status, String code, Kind kind, boolean limited) throws Exception {
        org.answers(aResponse().withStatus(200).withBody("""
                {"compositeResponse":[
                {"body":[{"errorCode":"PROCESSING_HALTED","message":"The transaction was rolled back since another operation in the same transaction failed."}],"httpHeaders":{},"httpStatusCode":400,"referenceId":"a"},
                {"body":[{"errorCode":"%s","message":"Value: secret payload","fields":["Score__c"]}],"httpHeaders":{},"httpStatusCode":%d,"referenceId":"b"}]}""".formatted(code, status)));
        try (SalesforceClient client = client()) {
            ObjectNode two = onePart();
            two.withArray("compositeRequest")
                    .add(two.path("compositeRequest").get(0).deepCopy());
            ((ObjectNode) two.path("compositeRequest").get(1)).put("referenceId", "again");
            StepFailure failure = catchThrowableOfType(StepFailure.class, () -> client.composite(two));
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.httpStatus()).isEqualTo(status);
            assertThat(failure.isLimited()).isEqualTo(limited);
            assertThat(failure).hasMessageContaining(code + " at Score__c").hasMessageNotContaining("payload");
        }
    }

    @Test
    void anAnswerThatTellsNothingIsUnsure() throws Exception {
        for (String body : List.of("", "<html>", "{}", "{\"compositeResponse\":[]}")) {
            org.answers(aResponse().withStatus(200).withBody(body));
            assertThat(compositeFailure().kind()).as(body).isEqualTo(Kind.UNSURE);
        }
        org.answers(aResponse().withStatus(502).withBody("<html>Bad gateway</html>"));
        assertThat(compositeFailure().kind()).isEqualTo(Kind.UNSURE);
        org.answers(aResponse().withStatus(302).withHeader("Location", org.url() + SalesforceStandIn.QUERY));
        assertThat(compositeFailure().kind()).isEqualTo(Kind.PERMANENT);
        assertThat(org.requests(SalesforceStandIn.QUERY)).isEmpty();
    }

    @Test
    void aLostAnswerIsUnsureAndARefusedConnectionPasses() throws Exception {
        org.answers(aResponse().withFault(Fault.EMPTY_RESPONSE));
        assertThat(compositeFailure().kind()).isEqualTo(Kind.UNSURE);
        try (SalesforceClient client = client()) {
            client.query(SOQL);
            org.close();
            StepFailure failure = catchThrowableOfType(StepFailure.class, () -> client.composite(onePart()));
            assertThat(failure.kind()).isEqualTo(Kind.PASSING);
            assertThat(failure).hasNoCause();
        }
    }

    @Test
    void aQueryThatFailsHasChangedNothing() throws Exception {
        org.server.stubFor(get(urlPathEqualTo(SalesforceStandIn.QUERY))
                .willReturn(aResponse().withFault(Fault.EMPTY_RESPONSE)));
        try (SalesforceClient client = client()) {
            assertThat(catchThrowableOfType(StepFailure.class, () -> client.query(SOQL))
                            .kind())
                    .isEqualTo(Kind.PASSING);
            org.server.stubFor(get(urlPathEqualTo(SalesforceStandIn.QUERY))
                    .willReturn(aResponse()
                            .withStatus(400)
                            .withBody("[{\"message\":\"x\",\"errorCode\":\"MALFORMED_QUERY\"}]")));
            assertThat(catchThrowableOfType(StepFailure.class, () -> client.query(SOQL))
                            .kind())
                    .isEqualTo(Kind.PERMANENT);
        }
    }

    @Test
    void theJwtBearerFlowSignsItsAssertion() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair keys = generator.generateKeyPair();
        String pem = "-----BEGIN PRIVATE KEY-----\\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.UTF_8))
                        .encodeToString(keys.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        try (SalesforceClient client = client(null, "caravan@example.com", pem)) {
            client.query(SOQL);
        }
        String form = org.requests(SalesforceStandIn.TOKEN).get(0).getBodyAsString();
        assertThat(form.split("&"))
                .hasSize(2)
                .contains("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer");
        String[] parts = form.substring(form.indexOf("assertion=") + 10)
                .replaceAll("&.*", "")
                .split("\\.", -1);
        Base64.Decoder decoder = Base64.getUrlDecoder();
        JsonNode claims = JSON.readTree(decoder.decode(parts[1]));
        assertThat(claims.toString())
                .isEqualTo(
                        "{\"iss\":\"client\",\"sub\":\"caravan@example.com\",\"aud\":\"https://login.salesforce.com\",\"exp\":"
                                + (SinkRoutes.NOW.getEpochSecond() + 180) + "}");
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(keys.getPublic());
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(signature.verify(decoder.decode(parts[2]))).isTrue();
    }

    @Test
    void aKeyInTheOlderFormIsReadToo() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        byte[] pkcs8 = generator.generateKeyPair().getPrivate().getEncoded();
        byte[] pkcs1 = Arrays.copyOfRange(pkcs8, 26, pkcs8.length);
        String pem = "-----BEGIN RSA PRIVATE KEY-----\n" + Base64.getEncoder().encodeToString(pkcs1)
                + "\n-----END RSA PRIVATE KEY-----";
        assertThat(PemKey.read("k", pem).getEncoded()).isEqualTo(pkcs8);
        assertThatThrownBy(() -> PemKey.read("salesforce-upsert-sink", "nonsense"))
                .hasMessageContaining("privateKey")
                .hasMessageNotContaining("nonsense");
    }
}
