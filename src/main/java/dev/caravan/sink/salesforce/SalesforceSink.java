package dev.caravan.sink.salesforce;

import dev.caravan.sink.Account;
import dev.caravan.sink.FieldTemplates;
import dev.caravan.sink.SinkBean;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * What the sinks for Salesforce have in common: the login, the API's version and the budget, for which Salesforce states
 * no rate.
 *
 * @param <P> a sink's own parameters, read
 */
public abstract class SalesforceSink<P> extends SinkBean<SalesforceSink.Asked<P>, SalesforceSink.Started<P>> {
    /** Requests of one delivery: a login is not counted. */
    private static final int REQUESTS = 3;

    private static final String VERSION = "67.0";
    private static final Pattern VERSION_FORM = Pattern.compile("v?(\\d{2,3})(?:\\.0)?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,79}");

    private @Nullable String loginUrl;
    private @Nullable String clientId;
    private @Nullable String clientSecret;
    private @Nullable String username;
    private @Nullable String privateKey;
    private @Nullable String apiVersion;

    /**
     * What a step says.
     *
     * @param <P> a sink's own parameters, read
     */
    record Asked<P>(SalesforceAccount account, String apiVersion, P own) {}

    /**
     * What a sink holds while it runs.
     *
     * @param <P> a sink's own parameters, read
     */
    record Started<P>(SalesforceClient client, String apiVersion, P own, Account budget) implements AutoCloseable {
        @Override
        public void close() {
            client.close();
        }
    }

    SalesforceSink(String kamelet) {
        super(kamelet);
    }

    /** @throws IllegalArgumentException if a parameter is missing or wrong */
    abstract P own(CamelContext camel);

    @Override
    protected final Asked<P> read(CamelContext camel) {
        SalesforceAccount account = SalesforceAccount.of(
                kamelet(),
                optional(loginUrl),
                required(clientId, "clientId"),
                optional(clientSecret),
                optional(username),
                optional(privateKey));
        return new Asked<>(account, version(optional(apiVersion)), own(camel));
    }

    private String version(@Nullable String text) {
        if (text == null) {
            return VERSION;
        }
        Matcher form = VERSION_FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "The parameter apiVersion of " + kamelet() + " is " + text + ": give a version such as " + VERSION);
        }
        return form.group(1) + ".0";
    }

    @Override
    protected final Started<P> open(Asked<P> asked, CamelContext camel) throws Exception {
        Account budget = Account.of(
                kamelet(),
                asked.account().name(),
                Optional.empty(),
                "salesforce.com",
                asked.account().loginUrl(),
                REQUESTS);
        SalesforceClient client = SalesforceClient.open(asked.account(), asked.apiVersion(), camel);
        return new Started<>(client, asked.apiVersion(), asked.own(), budget);
    }

    @Override
    protected final Optional<Account> account(Started<P> running, Exchange exchange) {
        return Optional.of(running.budget());
    }

    @Override
    protected final boolean canLook() {
        return true;
    }

    /** An object's or field's API name. */
    final String name(String text, String parameter) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("The parameter " + parameter + " of " + kamelet() + " is " + text
                    + ": give an API name such as Caravan_Id__c");
        }
        return text;
    }

    /** Fields by their API names. */
    final FieldTemplates fields(@Nullable String text, String parameter, CamelContext camel) {
        FieldTemplates fields = FieldTemplates.of(text, kamelet(), parameter, camel);
        for (String field : fields.names()) {
            name(field, parameter);
            if (field.equalsIgnoreCase("Id")) {
                throw new IllegalArgumentException("The parameter " + parameter + " of " + kamelet()
                        + " holds Id, which Salesforce assigns: leave it out");
            }
        }
        return fields;
    }

    public final void setLoginUrl(String value) {
        this.loginUrl = value;
    }

    public final void setClientId(String value) {
        this.clientId = value;
    }

    public final void setClientSecret(String value) {
        this.clientSecret = value;
    }

    public final void setUsername(String value) {
        this.username = value;
    }

    public final void setPrivateKey(String value) {
        this.privateKey = value;
    }

    public final void setApiVersion(String value) {
        this.apiVersion = value;
    }
}
