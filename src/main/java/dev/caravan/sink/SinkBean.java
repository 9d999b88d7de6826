package dev.caravan.sink;

import dev.caravan.delivery.StepFailure;
import java.util.Objects;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.service.ServiceSupport;
import org.jspecify.annotations.Nullable;

/**
 * The bean inside a Kamelet of ours: Camel sets its parameters, starts it with the Kamelet's route and stops it with it,
 * when what it holds is closed.
 *
 * @param <P> its parameters, read
 * @param <R> what it holds while it runs, safe for use by several threads
 */
public abstract class SinkBean<P, R extends AutoCloseable> extends ServiceSupport
        implements Processor, CamelContextAware {
    private final String kamelet;
    private String whenUnsure = "";
    private @Nullable CamelContext context;
    private volatile @Nullable R running;

    /** The bean of the Kamelet with this name. */
    protected SinkBean(String kamelet) {
        this.kamelet = kamelet;
    }

    /**
     * Reads the parameters and opens nothing.
     *
     * @throws IllegalArgumentException if a parameter is missing or wrong; its message names it
     */
    protected abstract P read(CamelContext camel);

    /** Opens what is needed, without talking to the destination. */
    protected abstract R open(P parameters, CamelContext camel) throws Exception;

    /**
     * Delivers a message.
     *
     * @throws StepFailure if the destination was not reached, refused it, or did not tell
     */
    protected abstract void deliver(R held, Exchange exchange) throws Exception;

    @Override
    public final void process(Exchange exchange) throws Exception {
        R held = running;
        if (held == null) {
            throw StepFailure.passing(kamelet + " is stopped", null);
        }
        LookRequest request = LookRequest.of(exchange);
        Optional<Account> account = account(held, exchange);
        if (account.isPresent()) {
            inTurn(held, exchange, request, account.get());
        } else {
            run(held, exchange, request);
        }
    }

    private void inTurn(R held, Exchange exchange, @Nullable LookRequest request, Account account) throws Exception {
        Sinks sinks = Sinks.of(getCamelContext());
        sinks.budgets().await(account, DeliveryKey.hash(exchange), sinks.clock());
        try {
            run(held, exchange, request);
        } catch (StepFailure failure) {
            if (failure.isLimited()) {
                sinks.budgets().refused(account, failure.retryAfter());
            }
            throw failure;
        }
    }

    private void run(R held, Exchange exchange, @Nullable LookRequest request) throws Exception {
        if (request == null) {
            deliver(held, exchange);
        } else {
            request.answer(look(held, exchange, request));
        }
    }

    /** Whose rate budget a delivery uses; empty where the destination has none. */
    protected Optional<Account> account(R held, Exchange exchange) {
        return Optional.empty();
    }

    /** The Kamelet's name. */
    protected final String kamelet() {
        return kamelet;
    }

    /**
     * Whether it changes nothing outside. A delivery runs such a step in each attempt anew and keeps nothing of it, since
     * what it reads may be larger than what may be kept.
     */
    protected boolean onlyReads() {
        return false;
    }

    /** Leaves the route's message with this variable, or without it where there is no value. */
    protected static void setVariable(Exchange exchange, String name, @Nullable Object value) {
        if (value == null) {
            UnsetVariables.unset(exchange, name);
        } else {
            exchange.setVariable(name, value);
        }
    }

    /** Whether {@link #look} can tell if an effect happened. */
    protected boolean canLook() {
        return false;
    }

    /**
     * Looks whether {@link #deliver} of this message has had its effect already. Where it has, the exchange is left as
     * {@link #deliver} leaves it, with its variables set.
     *
     * @throws StepFailure if the destination did not tell
     */
    protected Look look(R held, Exchange exchange, LookRequest request) throws Exception {
        throw StepFailure.permanent(kamelet + " cannot look whether it has delivered a message");
    }

    /** Where the sink has this parameter, only its value is checked here: who calls the sink follows it. */
    public final void setWhenUnsure(String value) {
        this.whenUnsure = value;
    }

    /** The step's choice, for a sink whose {@link #look} can tell only of some messages. */
    protected final WhenUnsure whenUnsure() {
        return WhenUnsure.of(whenUnsure);
    }

    @Override
    protected final void doStart() throws Exception {
        CamelContext camel = getCamelContext();
        running = open(check(camel), camel);
    }

    /** @throws BadParameter if a parameter is missing or wrong */
    final P check(CamelContext camel) {
        try {
            WhenUnsure.of(whenUnsure);
            return read(camel);
        } catch (IllegalArgumentException wrong) {
            throw new BadParameter(Objects.requireNonNullElse(wrong.getMessage(), kamelet + " cannot be used"), wrong);
        }
    }

    @Override
    protected final void doStop() throws Exception {
        R held = running;
        running = null;
        if (held != null) {
            held.close();
        }
    }

    /** The parameter as the route file has it, null if it is not given or empty. */
    protected static @Nullable String optional(@Nullable String coded) {
        if (coded == null) {
            return null;
        }
        String value = ParameterCode.decode(coded);
        return value.isBlank() ? null : value;
    }

    /**
     * The parameter as the route file has it.
     *
     * @throws IllegalArgumentException if it is not given or empty
     */
    protected final String required(@Nullable String coded, String name) {
        String value = optional(coded);
        if (value == null) {
            throw new IllegalArgumentException(kamelet + " needs the parameter " + name + ": add it to the step");
        }
        return value;
    }

    @Override
    public final void setCamelContext(CamelContext camelContext) {
        this.context = camelContext;
    }

    @Override
    public final CamelContext getCamelContext() {
        if (context == null) {
            throw new IllegalStateException(kamelet + " has no Camel context");
        }
        return context;
    }
}
