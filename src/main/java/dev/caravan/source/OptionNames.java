package dev.caravan.source;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The names of a source's options, as they follow {@code caravan.source.NAME.} and stand in a preset's file. */
final class OptionNames {
    static final String SIGNATURE = "signature";
    static final String HEADER = "signature.header";
    static final String PREFIX = "signature.prefix";
    static final String PREFIX_OPTIONAL = "signature.prefix.optional";
    static final String SEPARATOR = "signature.separator";
    static final String ENCODING = "signature.encoding";
    static final String PAYLOAD = "signature.payload";
    static final String NONE_ACCEPTED = "signature.none.accepted";
    static final String TIMESTAMP_HEADER = "timestamp.header";
    static final String TIMESTAMP_PREFIX = "timestamp.prefix";
    static final String TOLERANCE = "timestamp.tolerance";
    static final String TYPE = "event-type";
    static final String TYPES = "event-types";
    static final String TIME = "event-time";
    static final String KEY = "idempotency-key";
    static final String EVENTS = "events";
    static final String HANDSHAKE = "handshake";
    static final String CHALLENGE = "handshake.challenge";
    static final String PING_TYPES = "ping-types";

    static final String LIST_URL = "reconcile.url";
    static final String LIST_KEY = "reconcile.key";
    static final String LIST_KEY_HEADER = "reconcile.key-header";
    static final String LIST_SINCE = "reconcile.since-parameter";
    static final String LIST_PAGE = "reconcile.page-parameter";
    static final String LIST_SIZE_NAME = "reconcile.size-parameter";
    static final String LIST_PAGE_SIZE = "reconcile.page-size";
    static final String LIST_CURSOR = "reconcile.cursor-parameter";
    static final String LIST_ITEMS = "reconcile.items";
    static final String LIST_NEXT = "reconcile.next";
    static final String LIST_ID = "reconcile.id";
    static final String LIST_TIME = "reconcile.time";
    static final String LIST_STATUS = "reconcile.status";
    static final String LIST_STATUSES = "reconcile.statuses";
    static final String LIST_TYPE = "reconcile.event-type";
    static final String LIST_PAYLOAD_TYPE = "reconcile.payload.type";
    static final String LIST_PAYLOAD_ITEM = "reconcile.payload.item";
    static final String LIST_PAYLOAD_ID = "reconcile.payload.id";
    static final String LIST_PAYLOAD_TIME = "reconcile.payload.time";

    /** What depends on the method. */
    static final List<String> OF_METHOD = List.of(
            HEADER,
            PREFIX,
            PREFIX_OPTIONAL,
            SEPARATOR,
            ENCODING,
            PAYLOAD,
            TIMESTAMP_HEADER,
            TIMESTAMP_PREFIX,
            TOLERANCE);

    /** The others that a preset may hold. */
    static final List<String> OF_VENDOR =
            List.of(SIGNATURE, TYPE, TYPES, TIME, KEY, EVENTS, HANDSHAKE, CHALLENGE, PING_TYPES);

    /** How the vendor's list is read; a preset holds neither its address nor its key. */
    static final List<String> OF_LIST = List.of(
            LIST_URL,
            LIST_KEY_HEADER,
            LIST_SINCE,
            LIST_PAGE,
            LIST_SIZE_NAME,
            LIST_PAGE_SIZE,
            LIST_CURSOR,
            LIST_ITEMS,
            LIST_NEXT,
            LIST_ID,
            LIST_TIME,
            LIST_STATUS,
            LIST_STATUSES,
            LIST_TYPE,
            LIST_PAYLOAD_TYPE,
            LIST_PAYLOAD_ITEM,
            LIST_PAYLOAD_ID,
            LIST_PAYLOAD_TIME);

    /** Those for which empty means none. */
    static final Set<String> MAY_BE_EMPTY = Set.of(
            PREFIX,
            SEPARATOR,
            TIMESTAMP_PREFIX,
            TYPES,
            TIME,
            KEY,
            EVENTS,
            CHALLENGE,
            PING_TYPES,
            LIST_SINCE,
            LIST_PAGE,
            LIST_SIZE_NAME,
            LIST_NEXT,
            LIST_TIME,
            LIST_STATUSES,
            LIST_PAYLOAD_ID,
            LIST_PAYLOAD_TIME,
            LIST_URL);

    private OptionNames() {}

    /** In a preset's file: what follows {@code method.METHOD.} for an option. */
    static String inMethod(String option) {
        return option.startsWith("signature.") ? option.substring("signature.".length()) : option;
    }

    /** Every name that a preset's file may hold. */
    static Set<String> ofPreset() {
        Set<String> names = new TreeSet<>(OF_METHOD);
        names.addAll(OF_VENDOR);
        OF_LIST.stream().filter(option -> !option.equals(LIST_URL)).forEach(names::add);
        for (Method method : Method.values()) {
            OF_METHOD.forEach(option -> names.add("method." + method.spelling() + "." + inMethod(option)));
        }
        return names;
    }
}
