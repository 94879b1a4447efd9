package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.engine.duckdb.SqlFailedException;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why a version of a table cannot be read from its files, as a user is told: never with a value of a row. */
final class ScanFailure {

    /** What DuckDB says before the value that it could not take for the other type. */
    private static final Pattern OTHER_TYPE =
            Pattern.compile("failed to cast column \"(.*?)\" from type (.*?) to (.*?): ", Pattern.DOTALL);

    private static final String RESTORE = "Restore the file from a backup.";

    private final TableLocation table;
    private final long version;

    ScanFailure(TableLocation table, long version) {
        this.table = table;
        this.version = version;
    }

    /** Of bringing the files to this machine. */
    Optional<TarnException> of(NoSuchFileException failure, Iterable<LiveFile> files) {
        String missing = failure.getFile().replace('\\', '/');
        for (LiveFile file : files) {
            String path = file.file().path();
            if (missing.equals(path) || missing.endsWith("/" + path)) {
                return Optional.of(refusal(
                        "its data file " + path + " is missing",
                        "Restore the file from a backup. If a clean-up took it, read a newer version.",
                        failure));
            }
        }
        return Optional.empty();
    }

    /** A refusal that names a file, with table and version. */
    TarnException of(TarnException refusal) {
        return refusal.code() == ErrorCode.LAKE_DAMAGED
                ? new TarnException(
                        ErrorCode.LAKE_DAMAGED,
                        subject() + refusal.problems().get(0).what(),
                        refusal.problems().get(0).mend(),
                        refusal)
                : refusal;
    }

    /**
     * Of a query over the files; empty when no file is to blame for it.
     *
     * @param files by local path
     * @param columns names of the table's columns by those in the query
     */
    Optional<TarnException> of(SqlFailedException failure, Map<String, LiveFile> files, UnaryOperator<String> columns) {
        // Further lines repeat the query, which names all files.
        String said = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        if (failure.isOutOfMemory() || failure.isOutOfDisk() || !said.contains("\"") && !said.contains("'")) {
            return Optional.empty();
        }
        return files.entrySet().stream()
                .filter(file -> said.contains(file.getKey()))
                .findFirst()
                .map(file -> of(failure, file.getValue().file().path(), columns));
    }

    private TarnException of(SqlFailedException failure, String path, UnaryOperator<String> columns) {
        Matcher types = OTHER_TYPE.matcher(String.valueOf(failure.getMessage()));
        if (types.find()) {
            return otherType(
                    path, columns.apply(types.group(1)), shown(types.group(2)), shown(types.group(3)), failure);
        }
        if (String.valueOf(failure.getMessage()).contains("No files found")) {
            return refusal("its data file " + path + " is missing", RESTORE, failure);
        }
        return damaged(path, failure);
    }

    TarnException damaged(String path, SqlFailedException failure) {
        return refusal("its data file " + path + " is damaged (" + failure.kind() + ")", RESTORE, failure);
    }

    private static String shown(String duckDbType) {
        return DuckDbTypes.parse(duckDbType).map(Object::toString).orElse(duckDbType);
    }

    /** A file that does not hold a column as the table has it. */
    TarnException otherType(String path, String column, String inFile, String inTable, @Nullable Exception cause) {
        return refusal(
                "its data file " + path + " has the column " + column + " as " + inFile + ", the table as " + inTable,
                "Let the file's writer write it with the table's types, or restore it from a backup.",
                cause);
    }

    /**
     * Of reading which rows are deleted.
     *
     * @param vector path of the deletion vector, or where else it is
     */
    RuntimeException deletedRows(String path, String vector, RuntimeException failure) {
        boolean missing = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            missing |= cause instanceof NoSuchFileException;
            boolean isOfStorage =
                    cause instanceof TarnException || cause instanceof IOException && !(cause instanceof EOFException);
            if (isOfStorage && !missing) {
                return failure;
            }
        }
        return refusal(
                "the deletion vector " + vector + " of its data file " + path + " is "
                        + (missing ? "missing" : "damaged"),
                RESTORE,
                failure);
    }

    /** Of a file whose writer left out how many rows it has. */
    static TarnException uncounted(TableLocation table, String path, Exception failure) {
        String how = failure instanceof SqlFailedException refused ? "damaged (" + refused.kind() + ")" : "missing";
        return new TarnException(
                ErrorCode.LAKE_DAMAGED,
                "Rows of " + table + " cannot be counted: its data file " + path + " is " + how + ".",
                RESTORE,
                failure);
    }

    private TarnException refusal(String why, String mend, @Nullable Exception cause) {
        return new TarnException(ErrorCode.LAKE_DAMAGED, subject() + why + ".", mend, cause);
    }

    private String subject() {
        return "Version " + version + " of " + table + " cannot be read: ";
    }
}
