package dev.caravan.automation;

import dev.caravan.automation.RouteFile.KameletUse;
import dev.caravan.automation.RouteFile.Part;
import dev.caravan.automation.RouteFile.PlaceholderUse;
import dev.caravan.sink.ShippedKamelets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.apache.camel.CamelContext;

/** Finds what a shipped sink would refuse when it starts, in its own words and with the line of its step. */
final class SinkCheck {
    private final Kamelets kamelets;
    private final Requirements requirements;

    SinkCheck(Kamelets kamelets, RouteSettings settings) {
        this.kamelets = kamelets;
        this.requirements = new Requirements(settings.placeholders());
    }

    List<Finding> check(FilePlan plan, CamelContext camel) {
        List<Finding> findings = new ArrayList<>();
        for (Part part : plan.source().parts()) {
            for (KameletUse use : part.kamelets()) {
                Properties values =
                        plan.parameters().get(use.routeId(plan.source().ownerId(part)));
                if (values != null && isShipped(use.name())) {
                    problem(part, use, values, camel)
                            .ifPresent(problem -> findings.add(Finding.error(
                                    plan.file(), use.step().region().line(), problem)));
                }
            }
        }
        return findings;
    }

    /** A user's own Kamelet may have the name of a shipped one. */
    private boolean isShipped(String kamelet) {
        return kamelets.find(kamelet).map(Kamelets.Definition::shipped).orElse(false);
    }

    private Optional<String> problem(Part part, KameletUse use, Properties values, CamelContext camel) {
        List<Placeholder> used = part.placeholders().stream()
                .filter(placeholder -> use.step().equals(placeholder.step()))
                .map(PlaceholderUse::placeholder)
                .toList();
        return ShippedKamelets.problem(use.name(), values, camel)
                .map(problem -> YamlText.sentence(requirements.withoutValues(problem, used)));
    }
}
