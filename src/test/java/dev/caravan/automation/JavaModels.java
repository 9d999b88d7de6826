package dev.caravan.automation;

import dev.caravan.sink.ShippedKamelets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.yaml.LwModelToYAMLDumper;

/** What an automation in Java would look like as a route file. */
public final class JavaModels {
    private JavaModels() {}

    /** Its routes in YAML; nothing of it runs, and no key has a value. */
    public static String yaml(AutomationBuilder builder) {
        RouteSettings.Placeholders none = (text, missing) -> {
            missing.add(text);
            return Optional.empty();
        };
        builder.equip(
                new Requirements(none),
                new Kamelets(Path.of("none"), List.copyOf(ShippedKamelets.NAMES)),
                value -> value);
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            builder.addLifecycleInterceptor(new HeldRoutes());
            builder.configureRoutes(camel);
            return new LwModelToYAMLDumper()
                    .dumpModelAsYaml(camel, builder.getRouteCollection(), false, false, false, false);
        } catch (Exception e) {
            throw new AssertionError(builder.getClass() + " cannot be read", e);
        }
    }
}
