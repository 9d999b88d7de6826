package dev.caravan.inbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How values stand in columns: times as milliseconds since 1970, headers and lists as JSON. */
final class Columns {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};
    private static final TypeReference<List<String>> LIST = new TypeReference<>() {};

    /** Characters; an entry of a PostgreSQL index takes 2,704 bytes. */
    private static final int LONGEST_KEY = 600;

    private Columns() {}

    static void setTime(PreparedStatement statement, int index, @Nullable Instant time) throws SQLException {
        if (time == null) {
            statement.setNull(index, Types.BIGINT);
        } else {
            statement.setLong(index, time.toEpochMilli());
        }
    }

    static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new StorageException("Headers could not be written as JSON.", e);
        }
    }

    static Map<String, String> texts(String json) {
        return parse(json, TEXTS);
    }

    static <T> List<T> list(String json, Class<T> element) {
        try {
            return JSON.readerForListOf(element).readValue(json);
        } catch (JsonProcessingException e) {
            throw new StorageException("A column of the inbox is not JSON.", e);
        }
    }

    static List<String> list(String json) {
        return parse(json, LIST);
    }

    private static <T> T parse(String json, TypeReference<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new StorageException("A column of the inbox is not JSON.", e);
        }
    }

    /** A text as PostgreSQL takes it too, which has no NUL. */
    static @Nullable String text(@Nullable String text) {
        return text == null ? null : text.replace('\u0000', '\u2400');
    }

    /** A key as an index takes it: a long one, or one with a NUL, is known by its digest. */
    static String key(String key) {
        return key.length() <= LONGEST_KEY && key.indexOf(0) < 0 ? key : digested(key);
    }

    /** A key without its text: of one that is too long, or that holds what is to be forgotten. */
    static String digested(String key) {
        return "sha256:" + HexFormat.of().formatHex(sha256(key.getBytes(StandardCharsets.UTF_8)));
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
