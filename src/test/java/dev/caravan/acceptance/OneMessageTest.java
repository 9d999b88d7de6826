package dev.caravan.acceptance;

import static dev.caravan.acceptance.Workplace.toSlack;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job: a signed request in, one message out. */
class OneMessageTest {
    @TempDir
    private Path directory;

    @Test
    void aSignedRequestYieldsOneMessageItsRepetitionNoneAndAChangedByteA401() {
        try (Workplace place = new Workplace(directory)) {
            place.route("tell", toSlack("tell", "Done:")).start();
            String body = Vendor.interview("int_1");

            Answer accepted = place.koji(body);
            place.awaitSettled();
            Answer repeated = place.koji(body);
            Answer changed = place.web()
                    .post(
                            "/webhooks/koji",
                            body.replace("int_1", "int_2"),
                            "X-Koji-Signature",
                            Vendor.koji(Workplace.SECRET, body.getBytes(StandardCharsets.UTF_8)));
            place.koji(Vendor.interview("int_3"));
            place.awaitSettled();

            assertThat(accepted.summary()).isEqualTo("200 accepted");
            assertThat(repeated.summary()).isEqualTo("200 duplicate");
            assertThat(changed.status()).isEqualTo(401);
            assertThat(place.slack().asked())
                    .hasSize(2)
                    .contains("Done: " + accepted.json().path("id").asText() + " int_1")
                    .anyMatch(text -> text.endsWith(" int_3"));
        }
    }
}
