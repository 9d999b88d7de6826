package dev.caravan.sink.email;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.delivery.StepFailure;
import dev.caravan.sink.SinkRoutes;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each reply of a mail server, and each lost connection, means. */
@Timeout(60)
class SmtpFailuresTest {
    private static final String ROUTE = """
            - route:
                id: mailed
                from:
                  uri: direct:in
                  steps:
                    - to:
                        id: mail
                        uri: kamelet:email-sink
                        parameters:
                          host: localhost
                          port: PORT
                          security: none
                          username: caravan
                          password: right
                          from: research@example.com
                          to: one@example.com, two@example.com
                          subject: Hello
                          body: "${body[text]}"
            """;

    private final SinkRoutes routes = SinkRoutes.sending();
    private SmtpStandIn server;

    @BeforeEach
    void start() throws Exception {
        server = SmtpStandIn.plain();
        routes.load(ROUTE.replace("PORT", String.valueOf(server.port())));
    }

    @AfterEach
    void stop() throws Exception {
        routes.close();
        server.close();
    }

    private StepFailure failure() {
        Exchange done = routes.event(Map.of("text", "hello"));
        assertThat(done.getException()).isInstanceOf(StepFailure.class);
        StepFailure failure = done.getException(StepFailure.class);
        assertThat(failure).hasNoCause().hasMessageNotContaining("@").hasMessageNotContaining("right");
        return failure;
    }

    @ParameterizedTest
    @CsvSource({
        "(greeting), 421 too busy, PASSING",
        "(greeting), 554 no service, PERMANENT",
        "(greeting), '', PASSING",
        "AUTH, 535 5.7.8 bad credentials, PERMANENT",
        "AUTH, 454 4.7.0 temporary, PASSING",
        "MAIL, 451 later, PASSING",
        "MAIL, 452 full, PASSING",
        "MAIL, 550 not from you, PERMANENT",
        "MAIL, 421 closing, PASSING",
        "MAIL, '', PASSING",
        "RCPT TO:<two, 450 busy, PASSING",
        "RCPT TO:<two, 451 error, PASSING",
        "RCPT TO:<two, 452 full, PASSING",
        "RCPT TO:<two, 455 odd, PASSING",
        "RCPT TO:<two, 550 unknown, PERMANENT",
        "RCPT TO:<two, 553 name, PERMANENT",
        "RCPT TO:<two, 571 blocked, PERMANENT",
        "RCPT TO:<two, '', PASSING",
        "DATA, 451 later, PASSING",
        "DATA, 554 no, PERMANENT",
        "DATA, '', PASSING",
        "(dot), 421 closing, PASSING",
        "(dot), 451 later, PASSING",
        "(dot), 452 full, PASSING",
        "(dot), 550 spam, PERMANENT",
        "(dot), 552 too large, PERMANENT",
        "(dot), '', UNSURE"
    })
    void aReplyIsTakenAtItsWord(String command, String reply, StepFailure.Kind kind) {
        server.replies(command, reply);
        StepFailure failure = failure();
        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure.isLimited()).isEqualTo(reply.startsWith("421"));
        if (!reply.isEmpty()) {
            assertThat(failure).hasMessageContaining(reply.substring(0, 3));
            assertThat(failure.responseExcerpt().orElseThrow()).contains(reply);
        }
        assertThat(server.messages).hasSize(command.equals("(dot)") ? 1 : 0);
    }

    @Test
    void oneRecipientRefusedForGoodOutweighsOneRefusedForNow() {
        server.replies("RCPT TO:<one", "450 busy").replies("RCPT TO:<two", "550 unknown");
        assertThat(failure())
                .returns(StepFailure.Kind.PERMANENT, StepFailure::kind)
                .hasMessageContaining("2 recipients")
                .hasMessageContaining("550");
        assertThat(server.messages).isEmpty();
    }

    @Test
    void noServerIsPassing() throws Exception {
        server.close();
        assertThat(failure().kind()).isEqualTo(StepFailure.Kind.PASSING);
    }

    @Test
    void aLineWithADotAloneArrives() {
        assertThat(routes.event(Map.of("text", "before\n.\n..\nafter\nQUIT")).getException())
                .isNull();
        assertThat(server.messages).singleElement().asString().contains("before\n..\n...\nafter\nQUIT");
        assertThat(server.commands)
                .containsSequence("RCPT TO:<one@example.com>", "RCPT TO:<two@example.com>", "DATA", "QUIT");
    }
}
