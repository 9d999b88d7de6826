package dev.caravan.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.automation.AutomationState.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.builder.RouteBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AutomationBuilderTest {
    private AutomationFixture fixture;

    @BeforeEach
    void open(@TempDir Path base) throws IOException {
        fixture = new AutomationFixture(base);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static final class Report extends AutomationBuilder {
        private final String parameter;
        private final String text;

        Report(String parameter, String text) {
            super("report");
            this.parameter = parameter;
            this.text = text;
        }

        @Override
        public void configure() {
            from("inbox:kejue?events=campaign.ended")
                    .routeId(id())
                    .routeDescription("Reports")
                    .to(sink("say-sink", "message").with(parameter, text).uri())
                    .id("message");
        }
    }

    @Test
    void anAutomationInJavaRunsWithItsParametersByReference() throws IOException {
        fixture.settings.setProperty("greeting", "a&b #c {{d}}");
        fixture.write("a.yaml", AutomationFixture.saying("a", "from yaml"));
        fixture.start(new Report("text", "{{greeting}}"));

        fixture.inbox.publish("kejue", "1");

        fixture.awaitHeard("a&b #c {{d}}|1");
        AutomationState state = fixture.state("report");
        assertThat(state.origin()).isEqualTo(Report.class.getName());
        assertThat(state.description()).isEqualTo("Reports");
        assertThat(state.events()).containsExactly("campaign.ended");
        assertThat(fixture.inbox.ids()).containsExactly("a", "report");
    }

    @Test
    void withoutItsSettingsItIsOff() throws IOException {
        fixture.start(new Report("text", "{{greeting}}"));

        assertThat(fixture.state("report").state()).isEqualTo(State.OFF);
        assertThat(fixture.state("report").missingKeys()).containsExactly("greeting");
        assertThat(fixture.context.getRoutes()).isEmpty();
        assertThat(fixture.inbox.ids()).isEmpty();
    }

    @Test
    void aWrongParameterBreaksItAloneAndIsNamed() throws IOException {
        fixture.write("a.yaml", AutomationFixture.saying("a", "from yaml"));
        fixture.start(new Report("txt", "x"));

        assertThat(fixture.automations.states())
                .filteredOn(state -> state.state() == State.BROKEN)
                .singleElement()
                .satisfies(state -> assertThat(state.reason())
                        .isEqualTo(Report.class.getName()
                                + ": `say-sink` has no parameter `txt`; it has: text, to, tone, whenUnsure."));
        fixture.inbox.publish("koji", "1");
        fixture.awaitHeard("from yaml|1");
    }

    @Test
    void brokenItStaysSubscribed() throws IOException {
        fixture.inbox.subscribe("report", "earlier", List.of("kejue"), List.of());

        fixture.start(new Report("txt", "x"));

        assertThat(fixture.inbox.ids()).containsExactly("report");
    }

    @Test
    void anIdThatAFileHasIsRefusedInTheFile() throws IOException {
        fixture.write("a.yaml", AutomationFixture.saying("report", "x"));
        fixture.start(new Report("text", "from java"));

        fixture.inbox.publish("kejue", "1");
        fixture.awaitHeard("from java|1");
        assertThat(fixture.automations.states())
                .anySatisfy(
                        state -> assertThat(state.reason()).contains("is already used at " + Report.class.getName()));
    }

    @Test
    void aPlainRouteBuilderWithAMissingSettingIsOffToo() throws IOException {
        fixture.start(new RouteBuilder() {
            @Override
            public void configure() {
                from("inbox:koji").routeId("plain").to("direct:{{nowhere}}").id("there");
                from("inbox:koji").routeId("other").to("log:x").id("logged");
            }
        });

        assertThat(fixture.state("plain").missingKeys()).containsExactly("nowhere");
        assertThat(fixture.state("other").state()).isEqualTo(State.ON);
    }

    @Test
    void configuredOutsideCaravanItSaysSo() {
        assertThatThrownBy(() -> new Report("text", "x").addRoutesToCamelContext(fixture.context))
                .hasMessageContaining("automation report is configured outside Caravan.");
    }

    @Test
    void whatLosesMessagesBehindCaravansBackIsRefusedInJavaToo() throws IOException {
        RouteBuilder builder = new RouteBuilder() {
            @Override
            public void configure() {
                from("inbox:koji")
                        .routeId("taps")
                        .choice()
                        .when(simple("true"))
                        .wireTap("direct:copy")
                        .id("copy");
            }
        };

        assertThat(fixture.check().run(List.of(builder)).findings())
                .singleElement()
                .asString()
                .contains("`wireTap` is not possible in an automation: it sends a copy");
    }
}
