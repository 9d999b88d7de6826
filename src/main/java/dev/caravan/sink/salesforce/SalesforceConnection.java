package dev.caravan.sink.salesforce;

import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.Destinations;
import dev.caravan.sink.Sinks;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.salesforce.AuthenticationType;
import org.apache.camel.component.salesforce.SalesforceComponent;
import org.apache.camel.component.salesforce.api.SalesforceException;
import org.apache.camel.component.salesforce.internal.SalesforceSession;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One account's login and HTTP connections: a camel-salesforce component of its own, which is in no registry and in no
 * URI. Logs in with the first request. 5 s to connect, 30 s for an answer, no redirects. Thread-safe.
 */
final class SalesforceConnection implements AutoCloseable {
    private static final long CONNECT_MILLIS = 5_000;
    private static final long ANSWER_MILLIS = 30_000;
    /** How long a delivery waits for another's login. */
    private static final long LOGIN_SECONDS = 35;

    private static final Logger LOG = LoggerFactory.getLogger(SalesforceConnection.class);

    private final SalesforceComponent component;
    private final ReentrantLock login = new ReentrantLock();

    private SalesforceConnection(SalesforceComponent component) {
        this.component = component;
    }

    /** Starts the component, without talking to Salesforce. Without packages it would warn: it finds no classes in ours. */
    static SalesforceConnection open(SalesforceAccount account, CamelContext camel) {
        Sinks sinks = Sinks.of(camel);
        SalesforceComponent component = new SalesforceComponent(camel);
        Destinations destinations = sinks.destinations();
        String loginUrl = destinations.of(account.loginUrl());
        component.setLoginUrl(loginUrl);
        if (destinations.captures()) {
            component.setInstanceUrl(loginUrl);
        }
        component.setClientId(account.clientId());
        component.setClientSecret(account.clientSecret() == null ? "" : account.clientSecret());
        component.setAuthenticationType(AuthenticationType.CLIENT_CREDENTIALS);
        component.setLazyLogin(true);
        component.setPackages(SalesforceConnection.class.getPackageName());
        component.setHttpClientConnectionTimeout(CONNECT_MILLIS);
        component.setHttpClientIdleTimeout(ANSWER_MILLIS);
        component.setHttpRequestTimeout(ANSWER_MILLIS);
        component.setHttpClientProperties(new HashMap<>(Map.of("followRedirects", false, "maxRetries", 0)));
        ServiceHelper.startService(component);
        if (account.privateKey() != null) {
            JwtBearer bearer = new JwtBearer(account, account.privateKey(), sinks.clock());
            component.getHttpClient().getRequestListeners().addQueuedListener(bearer::complete);
        }
        return new SalesforceConnection(component);
    }

    SalesforceComponent component() {
        return component;
    }

    /**
     * Logs in unless it is.
     *
     * @return the token that requests bear now
     * @throws StepFailure if the login did not succeed
     */
    String login() throws InterruptedException {
        String token = session().getAccessToken();
        return token == null ? renew(null) : token;
    }

    /**
     * Logs in again, unless another delivery has done so since.
     *
     * @param ended the token that was refused
     */
    String renew(@Nullable String ended) throws InterruptedException {
        if (!login.tryLock(LOGIN_SECONDS, TimeUnit.SECONDS)) {
            throw StepFailure.passing("The login at Salesforce takes too long", null);
        }
        try {
            return session().login(ended);
        } catch (SalesforceException failure) {
            throw SalesforceFailures.login(failure);
        } finally {
            login.unlock();
        }
    }

    private SalesforceSession session() {
        return component.getSession();
    }

    /** Ends the login, as far as Salesforce answers. */
    @Override
    public void close() {
        try {
            ServiceHelper.stopAndShutdownService(component);
        } catch (RuntimeCamelException unanswered) {
            LOG.debug("A login at Salesforce was left to end by itself");
        }
    }
}
