package dev.caravan.source;

import com.fasterxml.jackson.core.JsonPointer;
import dev.caravan.settings.Lists;
import dev.caravan.settings.Secret;
import dev.caravan.settings.Units;
import dev.caravan.source.VendorList.Paging;
import dev.caravan.source.VendorList.Shape;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads {@code caravan.source.NAME.reconcile.…}. */
final class VendorListReader {
    private static final String POINTER = "a JSON Pointer such as /data";
    private static final int MOST_ON_A_PAGE = 500;
    private static final int USUAL_ON_A_PAGE = 100;

    private final SourceOptions options;

    VendorListReader(SourceOptions options) {
        this.options = options;
    }

    /** Empty where there is no URL. */
    Optional<VendorList> read(List<Secret> keys) {
        String url = options.own(OptionNames.LIST_URL);
        URI address = url == null || url.isEmpty() ? null : address(url);
        return address == null
                ? Optional.empty()
                : Optional.of(new VendorList(
                        address,
                        keys.stream().findFirst(),
                        text(OptionNames.LIST_KEY_HEADER, "Authorization"),
                        paging(),
                        shape()));
    }

    private @Nullable URI address(String url) {
        URI parsed = null;
        try {
            parsed = URI.create(url);
        } catch (IllegalArgumentException e) {
            options.problem(OptionNames.LIST_URL, "is no URL; give one such as https://api.example.com/v1/interviews.");
            return null;
        }
        boolean safe = "https".equals(parsed.getScheme())
                || ("http".equals(parsed.getScheme()) && VendorList.THIS_MACHINE.contains(parsed.getHost()));
        if (!safe || parsed.getHost() == null || parsed.getUserInfo() != null || parsed.getFragment() != null) {
            options.problem(
                    OptionNames.LIST_URL,
                    "must begin with https:// and a host, without a password or #: the key is sent there.");
            return null;
        }
        return parsed;
    }

    private Paging paging() {
        return new Paging(
                text(OptionNames.LIST_SINCE, "since"),
                text(OptionNames.LIST_PAGE, "page"),
                text(OptionNames.LIST_SIZE_NAME, "limit"),
                pageSize(),
                text(OptionNames.LIST_CURSOR, "cursor"),
                pointer(OptionNames.LIST_ITEMS, "/data").orElse(JsonPointer.empty()),
                pointer(OptionNames.LIST_NEXT, ""));
    }

    private int pageSize() {
        String text = options.option(OptionNames.LIST_PAGE_SIZE);
        Optional<Integer> size = text == null ? Optional.of(USUAL_ON_A_PAGE) : Units.whole(text, 1, MOST_ON_A_PAGE);
        if (size.isEmpty()) {
            options.problem(
                    OptionNames.LIST_PAGE_SIZE,
                    "is \"" + text + "\"; give a whole number from 1 to " + MOST_ON_A_PAGE + ".");
        }
        return size.orElse(USUAL_ON_A_PAGE);
    }

    private Shape shape() {
        String type = options.option(OptionNames.LIST_TYPE);
        if (type == null) {
            options.problem(OptionNames.LIST_TYPE, "is not set; give the type of the events that the items become.");
        }
        String id = options.option(OptionNames.LIST_ID);
        if (id == null) {
            options.problem(OptionNames.LIST_ID, "is not set; give the place of an item's id, such as /id.");
        }
        Map<Shape.Place, JsonPointer> places = new EnumMap<>(Shape.Place.class);
        Map<String, String> usual = Map.of(
                OptionNames.LIST_PAYLOAD_TYPE, "/type",
                OptionNames.LIST_PAYLOAD_ITEM, "/data",
                OptionNames.LIST_PAYLOAD_TIME, "/timestamp");
        VendorList.places()
                .forEach((option, place) ->
                        pointer(option, usual.getOrDefault(option, "")).ifPresent(at -> places.put(place, at)));
        return new Shape(
                field(OptionNames.LIST_ID),
                field(OptionNames.LIST_TIME),
                field(OptionNames.LIST_STATUS),
                Lists.split(text(OptionNames.LIST_STATUSES, "")),
                type == null ? "" : type,
                places);
    }

    private Field field(String option) {
        return parsed(option, text(option, ""), Field::parse, Field.parse(""), "JSON Pointers such as /id");
    }

    /** Empty where there is none; {@code /} is the whole document. */
    private Optional<JsonPointer> pointer(String option, String def) {
        String text = text(option, def);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                text.equals("/")
                        ? JsonPointer.empty()
                        : parsed(option, text, JsonPointer::compile, JsonPointer.empty(), POINTER));
    }

    private <T> T parsed(String option, String text, Function<String, T> parse, T def, String wanted) {
        return options.parsed(option, text, parse, def, wanted);
    }

    private String text(String option, String def) {
        String text = options.option(option);
        return text == null ? def : text;
    }
}
