package dev.caravan.automation;

import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;

/** Hands a planned text to Camel under a name that Camel takes for plain YAML and shows in its logs. */
final class RouteResources {
    private RouteResources() {}

    static Resource of(FilePlan plan) {
        return ResourceHelper.fromString("file:routes/" + RouteFile.stem(plan.file()) + ".yaml", plan.text());
    }
}
