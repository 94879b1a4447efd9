package dev.tarn.engine.duckdb;

import dev.tarn.engine.storage.FullDisk;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * DuckDB refused a statement or failed in it. The message is DuckDB's own and may name values of rows, so it is not for
 * users as it stands.
 */
public final class SqlFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What DuckDB calls failures for which it has no name, such as those of the library that it reads files with. */
    public static final String UNKNOWN_KIND = "Invalid Error";

    private static final Pattern KIND = Pattern.compile("^[A-Z][A-Za-z ]{0,40} (?:Error|Exception)(?=:)");

    SqlFailedException(SQLException cause) {
        super(cause.getMessage(), cause);
    }

    /** DuckDB's name for the kind of failure, without any value: {@code Conversion Error}. */
    public String kind() {
        Matcher kind = KIND.matcher(String.valueOf(getMessage()));
        return kind.find() ? kind.group() : "Error";
    }

    /** Whether the statement needed more than the memory, and the disk for spill, that DuckDB may use. */
    public boolean isOutOfMemory() {
        return kind().equals("Out of Memory Error");
    }

    /** Whether the disk was full that the statement wrote to. */
    public boolean isOutOfDisk() {
        return FullDisk.isIn(getMessage());
    }
}
