package dev.caravan.sink;

import dev.caravan.delivery.StepFailure;
import java.util.Objects;
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

    SinkBean(String kamelet) {
        this.kamelet = kamelet;
    }

    /**
     * Reads the parameters and opens nothing.
     *
     * @throws IllegalArgumentException if a parameter is missing or wrong; its message names it
     */
    abstract P read(CamelContext camel);

    /** Opens what is needed, without talking to the destination. */
    abstract R open(P parameters, CamelContext camel) throws Exception;

    /** @throws StepFailure if the destination was not reached, refused it, or did not tell */
    abstract void deliver(R held, Exchange exchange) throws Exception;

    @Override
    public final void process(Exchange exchange) throws Exception {
        R held = running;
        if (held == null) {
            throw StepFailure.passing(kamelet + " is stopped", null);
        }
        LookRequest request = LookRequest.of(exchange);
        if (request == null) {
            deliver(held, exchange);
        } else {
            request.answer(look(held, exchange, request));
        }
    }

    /** Whether {@link #look} can tell if an effect happened. */
    boolean canLook() {
        return false;
    }

    /**
     * Looks whether {@link #deliver} of this message has had its effect already.
     *
     * @throws StepFailure if the destination did not tell
     */
    Look look(R held, Exchange exchange, LookRequest request) throws Exception {
        throw StepFailure.permanent(kamelet + " cannot look whether it has delivered a message");
    }

    /** Where the sink has this parameter, only its value is checked here: who calls the sink follows it. */
    public final void setWhenUnsure(String value) {
        this.whenUnsure = value;
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
    static @Nullable String optional(@Nullable String coded) {
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
    final String required(@Nullable String coded, String name) {
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
