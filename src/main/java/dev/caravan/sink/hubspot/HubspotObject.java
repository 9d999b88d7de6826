package dev.caravan.sink.hubspot;

/** A kind of record, and how a note is associated with one (developers.hubspot.com, association type ids). */
enum HubspotObject {
    CONTACT("contacts", 202),
    DEAL("deals", 214);

    private final String plural;
    private final int noteAssociation;

    HubspotObject(String plural, int noteAssociation) {
        this.plural = plural;
        this.noteAssociation = noteAssociation;
    }

    /** Its name in URLs. */
    String plural() {
        return plural;
    }

    int noteAssociation() {
        return noteAssociation;
    }
}
