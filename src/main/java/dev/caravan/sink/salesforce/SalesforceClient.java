package dev.caravan.sink.salesforce;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Sinks;
import dev.caravan.sink.salesforce.SalesforceFailures.Problem;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.salesforce.SalesforceEndpointConfig;
import org.apache.camel.component.salesforce.api.SalesforceException;
import org.apache.camel.support.service.ServiceHelper;

/**
 * The requests that sinks make, as JSON. A session that has ended is renewed once for each request. Safe for use by
 * several threads.
 */
final class SalesforceClient implements AutoCloseable {
    /** Longer than a request's and a login's own time-outs together. */
    private static final long LONGEST_SECONDS = 100;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final SalesforceAccounts accounts;
    private final SalesforceAccount account;
    private final SalesforceConnection connection;
    private final SalesforceFailures failures;
    private final AsyncProducer query;
    private final AsyncProducer composite;
    private final AsyncProducer upsert;

    private SalesforceClient(
            SalesforceAccount account, String apiVersion, SalesforceConnection connection, CamelContext camel)
            throws Exception {
        this.accounts = SalesforceAccounts.of(camel);
        this.account = account;
        this.connection = connection;
        this.failures = new SalesforceFailures(Sinks.of(camel).clock());
        this.query = producer("query", apiVersion);
        this.composite = producer("composite", apiVersion);
        this.upsert = producer("upsertSObject", apiVersion);
    }

    /**
     * Opens it, without talking to Salesforce.
     *
     * @param apiVersion {@code 67.0}, for example
     */
    static SalesforceClient open(SalesforceAccount account, String apiVersion, CamelContext camel) throws Exception {
        SalesforceAccounts accounts = SalesforceAccounts.of(camel);
        SalesforceConnection connection = accounts.take(account);
        try {
            return new SalesforceClient(account, apiVersion, connection, camel);
        } catch (Exception failed) {
            accounts.release(account);
            throw failed;
        }
    }

    private AsyncProducer producer(String operation, String apiVersion) throws Exception {
        AsyncProducer producer = connection
                .component()
                .createEndpoint("salesforce:" + operation + "?rawPayload=true&apiVersion=" + apiVersion)
                .createAsyncProducer();
        ServiceHelper.startService(producer);
        return producer;
    }

    /**
     * The records that a query finds.
     *
     * @param soql its values escaped already
     */
    List<JsonNode> query(String soql) throws InterruptedException {
        Exchange asked = send(query, Map.of(SalesforceEndpointConfig.SOBJECT_QUERY, soql), "", false);
        JsonNode records = json(asked, false).path("records");
        if (!records.isArray()) {
            throw StepFailure.passing("The answer of Salesforce to a query has no records", null);
        }
        List<JsonNode> found = new ArrayList<>();
        records.forEach(found::add);
        return found;
    }

    /** Runs a Composite request, which is all or nothing where it says so. */
    void composite(ObjectNode request) throws InterruptedException {
        Exchange asked = send(composite, Map.of(), write(request), true);
        JsonNode answer = json(asked, true);
        int status = asked.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
        if (status >= 300) {
            throw SalesforceFailures.refused(status, problems(answer), true);
        }
        JsonNode results = answer.path("compositeResponse");
        if (!results.isArray()
                || results.size() != request.path("compositeRequest").size()) {
            throw StepFailure.unsure("The answer of Salesforce tells nothing of the request's parts", null);
        }
        List<JsonNode> refused = StreamSupport.stream(results.spliterator(), false)
                .filter(result -> result.path("httpStatusCode").asInt() / 100 != 2)
                .toList();
        if (!refused.isEmpty()) {
            throw rolledBack(refused);
        }
    }

    /** Nothing has happened, whatever the statuses are. */
    private static StepFailure rolledBack(List<JsonNode> refused) {
        List<Problem> problems = new ArrayList<>();
        int status = refused.get(0).path("httpStatusCode").asInt();
        for (JsonNode result : refused) {
            List<Problem> own = problems(result.path("body"));
            if (problems.isEmpty() && own.stream().anyMatch(problem -> !problem.isHalted())) {
                status = result.path("httpStatusCode").asInt();
                problems.addAll(own);
            }
        }
        return SalesforceFailures.refused(status, problems, false);
    }

    private static List<Problem> problems(JsonNode body) {
        List<Problem> problems = new ArrayList<>();
        (body.isArray() ? body : JSON.createArrayNode().add(body)).forEach(error -> problems.add(Problem.of(error)));
        return problems;
    }

    /** Creates or updates the one record with this external id. */
    void upsert(String object, String externalIdField, String externalId, ObjectNode fields)
            throws InterruptedException {
        Map<String, Object> headers = Map.of(
                SalesforceEndpointConfig.SOBJECT_NAME, object,
                SalesforceEndpointConfig.SOBJECT_EXT_ID_NAME, externalIdField,
                SalesforceEndpointConfig.SOBJECT_EXT_ID_VALUE, externalId);
        send(upsert, headers, write(fields), true);
    }

    private Exchange send(AsyncProducer producer, Map<String, Object> headers, String body, boolean changes)
            throws InterruptedException {
        String token = connection.login();
        Exchange first = once(producer, headers, body, changes);
        if (!sessionEnded(first)) {
            return checked(first, changes);
        }
        connection.renew(token);
        return checked(once(producer, headers, body, changes), changes);
    }

    /** The producer itself logs in, and throws, where a login has been ended since {@link SalesforceConnection#login}. */
    private Exchange once(AsyncProducer producer, Map<String, Object> headers, String body, boolean changes)
            throws InterruptedException {
        Exchange exchange = producer.getEndpoint().createExchange();
        headers.forEach(exchange.getIn()::setHeader);
        exchange.getIn().setBody(body.getBytes(StandardCharsets.UTF_8));
        CountDownLatch calledBack = new CountDownLatch(1);
        try {
            producer.process(exchange, doneSync -> calledBack.countDown());
        } catch (RuntimeCamelException failure) {
            throw failure.getCause() instanceof SalesforceException login
                    ? SalesforceFailures.login(login)
                    : failures.of(failure, changes);
        }
        if (!calledBack.await(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            throw changes
                    ? StepFailure.unsure("No answer from Salesforce in time", null)
                    : StepFailure.passing("No answer from Salesforce in time", null);
        }
        return exchange;
    }

    private static boolean sessionEnded(Exchange exchange) {
        return status(exchange) == 401;
    }

    private static int status(Exchange exchange) {
        if (exchange.getException() instanceof SalesforceException refused) {
            return refused.getStatusCode();
        }
        return exchange.getMessage().getHeader(Exchange.HTTP_RESPONSE_CODE, 0, Integer.class);
    }

    private Exchange checked(Exchange exchange, boolean changes) {
        Exception failure = exchange.getException();
        if (failure != null) {
            throw failures.of(failure, changes);
        }
        return exchange;
    }

    private static JsonNode json(Exchange exchange, boolean changes) {
        String text = exchange.getMessage().getBody(String.class);
        try {
            return JSON.readTree(text == null ? "" : text);
        } catch (JsonProcessingException notJson) {
            int status = status(exchange);
            throw SalesforceFailures.refused(status >= 300 ? status : 502, List.of(), changes);
        }
    }

    private static String write(ObjectNode json) {
        try {
            return JSON.writeValueAsString(json);
        } catch (JsonProcessingException impossible) {
            throw StepFailure.permanent("The request cannot be written as JSON", impossible);
        }
    }

    @Override
    public void close() {
        ServiceHelper.stopAndShutdownServices(query, composite, upsert);
        accounts.release(account);
    }
}
