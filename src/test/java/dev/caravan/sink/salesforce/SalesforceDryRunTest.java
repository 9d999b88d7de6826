package dev.caravan.sink.salesforce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.dryrun.DryRun;
import dev.caravan.dryrun.Effect;
import dev.caravan.sink.Budgets;
import dev.caravan.sink.DownloadRules;
import dev.caravan.sink.SinkRoutes;
import dev.caravan.sink.Sinks;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SalesforceDryRunTest {
    @Test
    void aDryRunReachesNothingButTheCapturingServerAndSucceeds() throws Exception {
        try (DryRun dryRun = DryRun.start(SinkRoutes.CLOCK, DryRun.Sql.SHOW)) {
            Sinks sinks = new Sinks(
                    SinkRoutes.CLOCK, dryRun.destinations(), DownloadRules.none(), statement -> true, Budgets.none());
            try (SinkRoutes routes = new SinkRoutes(sinks)) {
                routes.load("""
                        - route:
                            id: shown
                            from:
                              uri: direct:in
                              steps:
                                - to:
                                    id: contact
                                    uri: kamelet:salesforce-contact-update-sink
                                    parameters:
                                      loginUrl: https://acme.my.salesforce.com
                                      clientId: client
                                      clientSecret: secret
                                      email: "${body[email]}"
                                      fields: "Score__c: 1"
                                      taskSubject: Call
                                - to:
                                    id: record
                                    uri: kamelet:salesforce-upsert-sink
                                    parameters:
                                      loginUrl: https://acme.my.salesforce.com
                                      clientId: client
                                      clientSecret: secret
                                      object: Interview__c
                                      externalIdField: Koji_Id__c
                                      externalId: "1"
                                      fields: "Score__c: 1"
                        """);
                assertThat(routes.event(Map.of("email", "ana@example.com")).getException())
                        .isNull();
            }
            assertThat(urls(dryRun))
                    .containsExactly(
                            "https://acme.my.salesforce.com/services/oauth2/token",
                            "https://acme.my.salesforce.com/services/data/v67.0/query/",
                            "https://acme.my.salesforce.com/services/data/v67.0/composite",
                            "https://acme.my.salesforce.com/services/data/v67.0/sobjects/Interview__c/Koji_Id__c/1",
                            "https://acme.my.salesforce.com/services/oauth2/revoke");
        }
    }

    private static List<String> urls(DryRun dryRun) {
        return dryRun.effects().stream()
                .map(effect -> ((Effect.Request) effect.what()).request().url().split("\\?", 2)[0])
                .toList();
    }
}
