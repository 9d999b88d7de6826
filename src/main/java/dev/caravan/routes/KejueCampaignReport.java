package dev.caravan.routes;

import dev.caravan.automation.AutomationBuilder;

/**
 * Sums up each Kejue campaign in Slack when it ends. Needs a Kejue source and {@code slack.calls.webhook-url}, or else
 * {@code slack.research.webhook-url}.
 */
public final class KejueCampaignReport extends AutomationBuilder {
    private static final String REPORT = """
            *Campaign ended*
            Campaign: ${body[data][campaign_name]}
            End reason: ${body[data][end_reason]}
            Contacts: ${body[data][stats][total_contacts]}
            Completed: ${body[data][stats][completed]}
            No answer: ${body[data][stats][no_answer]}
            Voicemail: ${body[data][stats][voicemail]}
            Failed: ${body[data][stats][failed]}
            Connect rate: ${body[data][performance][connect_rate_percent]} %
            Completion rate: ${body[data][performance][completion_rate_percent]} %
            Average call: ${body[data][performance][average_call_duration_seconds]} s
            """;

    /** The service loader's constructor. */
    public KejueCampaignReport() {
        super("kejue-campaign-report");
    }

    @Override
    public void configure() {
        from("inbox:kejue,kejue-inline?events=campaign.ended")
                .routeId(id())
                .routeDescription("Sum up a Kejue campaign in Slack when it ends")
                .to(sink("slack-message-sink", "message")
                        .with("webhookUrl", "{{slack.calls.webhook-url:{{slack.research.webhook-url}}}}")
                        .with("text", REPORT)
                        .uri())
                .id("message");
    }
}
