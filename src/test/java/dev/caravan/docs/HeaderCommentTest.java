package dev.caravan.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeaderCommentTest {
    private static String markdown(String file) {
        return HeaderComment.markdown(HeaderComment.lines(file));
    }

    @Test
    void paragraphsAndListsOfKeysAreToldApart() {
        assertThat(markdown("""
                # Tells two
                # things_at once.
                #
                # Needs, in application.properties:
                #   caravan.source.koji.…      the webhook,
                #                              and its secret
                #   jira.token, jira.project
                #                              where it goes
                # May have:
                #   email.host …               a mail server
                #
                # The <end>.
                - route: {}
                # not this
                """)).isEqualTo("""
                Tells two things\\_at once.

                Needs, in application.properties:

                - `caravan.source.koji.…`: the webhook, and its secret
                - `jira.token`, `jira.project`: where it goes

                May have:

                - email.host …: a mail server

                The \\<end\\>.
                """);
    }
}
