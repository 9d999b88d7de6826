package dev.caravan.sink;

import dev.caravan.delivery.StepFailure;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * What a database's refusal means. Drivers quote rows in their messages, so only the SQLState or code is told, with a
 * sentence of our own for the usual ones.
 */
final class SqlFailures {
    private static final Set<SQLiteErrorCode> SQLITE_PASSING = Set.of(
            SQLiteErrorCode.SQLITE_BUSY,
            SQLiteErrorCode.SQLITE_LOCKED,
            SQLiteErrorCode.SQLITE_NOMEM,
            SQLiteErrorCode.SQLITE_IOERR,
            SQLiteErrorCode.SQLITE_FULL,
            SQLiteErrorCode.SQLITE_CANTOPEN,
            SQLiteErrorCode.SQLITE_PROTOCOL);

    private SqlFailures() {}

    /** @param what begins the message: "The database", "Table calls of data source results" */
    static StepFailure of(SQLException failure, String what) {
        String state = failure.getSQLState();
        String code = state == null || state.isBlank() ? codeOf(failure) : "SQLState " + state;
        String message = what + " refused the statement (" + code + ")" + hint(failure);
        return isPassing(failure) ? StepFailure.passing(message, null) : StepFailure.permanent(message);
    }

    static boolean isDuplicate(SQLException failure) {
        String state = failure.getSQLState();
        return state != null && (state.equals("23505") || state.equals("23000"));
    }

    private static boolean isPassing(SQLException failure) {
        if (failure instanceof SQLiteException sqlite) {
            return SQLITE_PASSING.contains(primary(sqlite));
        }
        if (failure instanceof SQLTransientException || failure instanceof SQLRecoverableException) {
            return true;
        }
        String state = failure.getSQLState();
        // Connection, serialisation, resources, operator intervention; a lock that was not free; a read-only standby.
        return state == null
                || state.length() < 5
                || state.startsWith("08")
                || state.startsWith("40")
                || state.startsWith("53")
                || state.startsWith("57P")
                || state.equals("55P03")
                || state.equals("25006")
                || state.equals("HY000");
    }

    private static SQLiteErrorCode primary(SQLiteException failure) {
        return SQLiteErrorCode.getErrorCode(failure.getResultCode().code & 0xff);
    }

    private static String codeOf(SQLException failure) {
        return failure instanceof SQLiteException sqlite
                ? sqlite.getResultCode().name()
                : failure.getClass().getSimpleName();
    }

    private static String hint(SQLException failure) {
        String message = failure.getMessage();
        if (failure instanceof SQLiteException && message != null) {
            return sqliteHint(message);
        }
        return stateHint(failure.getSQLState());
    }

    private static String sqliteHint(String message) {
        if (message.contains("no such table")) {
            return ": the table does not exist, create it";
        }
        if (message.contains("no column named") || message.contains("no such column")) {
            return ": a column does not exist, create it";
        }
        return message.contains("ON CONFLICT clause does not match")
                ? ": the key columns need a primary key or unique index"
                : "";
    }

    private static String stateHint(@Nullable String state) {
        return switch (state == null ? "" : state) {
            case "42P01", "42S02" -> ": the table does not exist, create it";
            case "42703", "42S22" -> ": a column does not exist, create it";
            case "42P10" -> ": the key columns need a primary key or unique index";
            case "22P02", "42804", "22007" -> ": a value does not fit its column's type";
            case "23502" -> ": a column that must not be empty has no value";
            case "42501" -> ": the user may not write this table";
            default -> "";
        };
    }
}
