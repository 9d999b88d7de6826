package dev.caravan.sink;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PropertyBindingSupport;

/** The Kamelets in the jar whose parameters are to be passed through {@link ParameterCode}. */
public final class ShippedKamelets {
    private static final String INDEX = "/kamelets/index";
    private static final Pattern BEAN = Pattern.compile("\"#class:([\\w.]+)\"");
    private static final Map<String, Class<? extends SinkBean<?, ?>>> BEANS = beans();

    /** Their names, as after {@code kamelet:} in a route file. */
    public static final Set<String> NAMES = BEANS.keySet();

    private static final Set<String> LOOKING =
            BEANS.keySet().stream().filter(name -> bean(name).canLook()).collect(Collectors.toUnmodifiableSet());

    private static final Set<String> READING =
            BEANS.keySet().stream().filter(name -> bean(name).onlyReads()).collect(Collectors.toUnmodifiableSet());

    private ShippedKamelets() {}

    /** Whether the Kamelet of the jar with this name changes nothing outside. */
    public static boolean onlyReads(String kamelet) {
        return READING.contains(kamelet);
    }

    /** Whether the Kamelet of the jar with this name answers a {@link LookRequest}. */
    public static boolean canLook(String kamelet) {
        return LOOKING.contains(kamelet);
    }

    /**
     * What is wrong with the parameters of one use, in the words in which its start would tell it. Starts nothing and
     * connects to nothing.
     *
     * @param coded the values, passed through {@link ParameterCode}
     * @param camel has the {@link Sinks} and data sources in its registry; need not be started
     * @return empty if nothing is wrong, or the Kamelet is not one of these
     */
    public static Optional<String> problem(String kamelet, Properties coded, CamelContext camel) {
        if (!BEANS.containsKey(kamelet)) {
            return Optional.empty();
        }
        SinkBean<?, ?> bean = bean(kamelet);
        Map<String, Object> values = new TreeMap<>();
        coded.stringPropertyNames().forEach(name -> values.put(name, coded.getProperty(name)));
        PropertyBindingSupport.build()
                .withCamelContext(camel)
                .withTarget(bean)
                .withProperties(values)
                .withReference(false)
                .withPlaceholder(false)
                .bind();
        try {
            bean.check(camel);
            return Optional.empty();
        } catch (BadParameter wrong) {
            return Optional.ofNullable(wrong.getMessage());
        }
    }

    private static Map<String, Class<? extends SinkBean<?, ?>>> beans() {
        Map<String, Class<? extends SinkBean<?, ?>>> beans = new TreeMap<>();
        text(INDEX).lines().filter(name -> !name.isBlank()).forEach(name -> beans.put(name, beanClass(name)));
        return Collections.unmodifiableMap(beans);
    }

    /** The class that a Kamelet's file names. */
    @SuppressWarnings("unchecked")
    private static Class<? extends SinkBean<?, ?>> beanClass(String kamelet) {
        Matcher named = BEAN.matcher(text("/kamelets/" + kamelet + ".kamelet.yaml"));
        if (!named.find()) {
            throw new IllegalStateException("The Kamelet " + kamelet + " names no bean");
        }
        try {
            return (Class<? extends SinkBean<?, ?>>)
                    Class.forName(named.group(1)).asSubclass(SinkBean.class);
        } catch (ClassNotFoundException | ClassCastException wrong) {
            throw new IllegalStateException("The bean of the Kamelet " + kamelet + " is no SinkBean", wrong);
        }
    }

    private static SinkBean<?, ?> bean(String kamelet) {
        try {
            return Objects.requireNonNull(BEANS.get(kamelet)).getConstructor().newInstance();
        } catch (ReflectiveOperationException wrong) {
            throw new IllegalStateException("The bean of the Kamelet " + kamelet + " cannot be made", wrong);
        }
    }

    private static String text(String resource) {
        try (InputStream in = ShippedKamelets.class.getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("The jar's " + resource + " cannot be read", unreadable);
        }
    }
}
