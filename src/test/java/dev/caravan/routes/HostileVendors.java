package dev.caravan.routes;

import com.github.tomakehurst.wiremock.client.WireMock;

/** What the vendors tell when they are asked for a deal, its contact or an interview: as little to be trusted as an event. */
record HostileVendors(Vendors vendors) {
    private static final String DEAL = """
            {"id": "4211309072", "properties": {"dealname": "Initech", "amount": "12000"},
             "associations": {"contacts": {"results": [{"id": "501", "type": "deal_to_contact"}]}}}""";
    private static final String CONTACT = """
            {"id": "501", "properties": {"email": "robin@initech.example", "firstname": "Robin", "lastname": "Weber",
             "company": "Initech"}}""";
    private static final String INTERVIEW = """
            {"analysis_status": "completed", "structured_answers": [{"question_id": "q2", "type": "scale", "value": 4}],
             "analysis": {"summary": "Good.", "competitive_intelligence": "Initrode.", "pricing_feedback": "Fair.",
              "decision_factors": ["price", "speed"]}}""";

    void tell(HostileSamples.Change change) {
        tell(Vendors.HUBSPOT, "/crm/v3/objects/deals/\\d+", DEAL, change);
        tell(Vendors.HUBSPOT, "/crm/v3/objects/contacts/501", CONTACT, change);
        tell(Vendors.KOJI, "/api/v1/interviews/.*", INTERVIEW, change);
    }

    private void tell(String host, String path, String json, HostileSamples.Change change) {
        vendors.server.stubFor(
                Vendors.request("GET", host, path).willReturn(WireMock.okJson(HostileSamples.json(json, change))));
    }
}
