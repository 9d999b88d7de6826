package dev.caravan.acceptance;

import static dev.caravan.acceptance.Workplace.toSlack;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.caravan.automation.AutomationState.State;
import dev.caravan.inbox.DeliveryState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** No secret, no webhook URL and no payload reaches the log, a settlement or an automation's state, whatever fails. */
@Timeout(60)
class LogTest {
    private static final String PERSON = "Payload Person";

    private static final List<String> HUSH = List.of(Workplace.SECRET, SlackStandIn.HUSH, PERSON, "alex@example.com");

    @TempDir
    private Path directory;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Logger caravan = (Logger) LoggerFactory.getLogger("dev.caravan");
    private Level rootLevel;
    private Workplace place;

    @BeforeEach
    void listen() {
        place = new Workplace(directory);
        rootLevel = root.getLevel();
        root.setLevel(Level.INFO);
        caravan.setLevel(Level.DEBUG);
        log.start();
        root.addAppender(log);
    }

    @AfterEach
    void close() {
        place.close();
        root.detachAppender(log);
        root.setLevel(rootLevel);
        caravan.setLevel(null);
    }

    private void assertNothingIsTold() {
        place.stop();
        List<String> lines = List.copyOf(log.list).stream()
                .map(e -> e.getFormattedMessage() + "\n" + ThrowableProxyUtil.asString(e.getThrowableProxy()))
                .toList();
        assertThat(lines).isNotEmpty();
        assertThat(lines.stream().filter(line -> HUSH.stream().anyMatch(line::contains)))
                .isEmpty();
    }

    private static void assertHarmless(String text) {
        assertThat(text).doesNotContain(HUSH);
    }

    @Test
    void successesRefusalsAndFailuresTellNothing() {
        place.route("tell", toSlack("tell", PERSON, "retry: 20ms"))
                .route("query", """
                        - route:
                            id: query
                            from:
                              uri: inbox:koji
                              parameters:
                                retry: 20ms
                              steps:
                                - to:
                                    id: row
                                    uri: kamelet:database-upsert-sink
                                    parameters:
                                      table: no_such_table
                                      key: id
                                      columns:
                                        id: "${body[data][interview_id]}"
                                        name: "${body[data][participant][name]}"
                        """)
                .route("forward", """
                        - route:
                            id: forward
                            from:
                              uri: inbox:koji
                              parameters:
                                retry: 20ms
                              steps:
                                - to:
                                    id: post
                                    uri: kamelet:http-forward-sink
                                    parameters:
                                      url: "{{slack.research.webhook-url}}"
                                      secret: "{{caravan.source.koji.secret}}"
                        """)
                .route("throws", """
                        - route:
                            id: throws
                            from:
                              uri: inbox:koji
                              parameters:
                                retry: 20ms
                              steps:
                                - setBody:
                                    id: wrong
                                    simple: "${body[data][participant][name].nothing(${body[data][participant][email]})}"
                        """)
                .route("number", """
                        - route:
                            id: number
                            from:
                              uri: inbox:koji
                              parameters:
                                retry: 20ms
                              steps:
                                - setBody:
                                    id: convert
                                    simple:
                                      expression: "${body[data][participant][name]}"
                                      resultType: java.lang.Integer
                        """);
        place.start();
        for (int status : new int[] {200, 500, 404, 429}) {
            place.slack().answer(text -> status == 200 ? SlackStandIn.OK : SlackStandIn.Reply.of(status));
            place.koji(Vendor.interview("int_" + status, "study", PERSON));
            place.web().post("/webhooks/koji", "{\"name\":\"" + PERSON + "\"}", "X-Koji-Signature", Workplace.SECRET);
        }
        byte[] noJson = ("{\"name\": " + PERSON).getBytes(StandardCharsets.UTF_8);
        Answer answer = place.web().kojiTo("/webhooks/koji", noJson);
        assertHarmless(answer.body());
        place.awaitSettled();

        assertThat(place.deliveries("query")).allMatch(d -> d.state() == DeliveryState.DEAD);
        assertThat(place.deliveries("throws")).allMatch(d -> d.state() == DeliveryState.DEAD);
        place.node().automations().forEach(state -> assertHarmless(state.toString()));
        for (String automation : new String[] {"tell", "query", "forward", "throws", "number"}) {
            place.deliveries(automation)
                    .forEach(delivery -> place.inbox()
                            .attemptsOf(delivery.id())
                            .forEach(attempt -> assertHarmless(attempt.message().orElse(""))));
        }
        assertNothingIsTold();
    }

    @Test
    void aDestinationThatCannotBeReachedTellsNothing() {
        place.route("tell", toSlack("tell", PERSON, "retry: 20ms")).start();
        place.slack().close();
        place.koji(Vendor.interview("int_1", "study", PERSON));
        place.awaitOnly("tell", DeliveryState.DEAD);
        place.inbox()
                .attemptsOf(place.only("tell").id())
                .forEach(attempt -> assertHarmless(attempt.message().orElse("")));
        assertNothingIsTold();
    }

    @Test
    void brokenRoutesTellNothingOfTheValuesInThem() {
        String literal = toSlack("tell", "x")
                .replace("{{slack.research.webhook-url}}", place.slack().webhookUrl());
        place.route("tell", literal).start();
        String[] saves = {
            literal.replace("text:", "txt:"),
            literal.replace("webhookUrl: \"", "webhookUrl: "),
            literal.replace("webhookUrl: \"", "webhookUrl: \"\\q"),
            literal.replace("webhookUrl: \"", "wehbookUrl: \""),
            literal.replace("kamelet:slack-message-sink", "kamelet:slack-message-sunk"),
            literal.replace("kamelet:slack-message-sink", "https:" + SlackStandIn.HUSH + "?x{{unset.key}}"),
            literal.replace("x ${variable.eventId}", "${unclosed")
        };
        for (String save : saves) {
            place.route("tell", save);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> place.automation("tell").state() != State.ON);
            assertHarmless(place.automation("tell").reason());
            place.route("tell", literal);
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> place.automation("tell").state() == State.ON);
        }
        assertNothingIsTold();
    }
}
