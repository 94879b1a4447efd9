package dev.tarn.model;

import java.util.List;
import java.util.regex.Pattern;

/** The columns that Tarn adds to tables of bronze. */
public final class BronzeSchema {

    /** {@code upsert} or {@code delete}. */
    public static final Column OP = new Column("_op", DataType.Simple.STRING, "upsert or delete");

    /** At most one version of a key per value; the version of the commit's {@code txn}. */
    public static final Column SEQ =
            new Column("_seq", DataType.Simple.BIGINT, "Number of the extraction; of one key, the highest is newest");

    public static final Column SOURCE = new Column("_source", DataType.Simple.STRING, "Name of the source");

    public static final Column EXTRACTED_AT =
            new Column("_extracted_at", DataType.Simple.TIMESTAMP, "When the extraction began");

    public static final Column RESCUED_DATA = new Column(
            "_rescued_data",
            DataType.Simple.STRING,
            "JSON: values that did not fit their columns, which are NULL here");

    /** Why a delete is one; NULL for an upsert. */
    public static final Column REASON =
            new Column("_reason", DataType.Simple.STRING, "Why a delete is one; NULL for an upsert");

    /**
     * With a key it names one version of a row, so that a version which is read again is known. NULL where the source has no
     * such number.
     */
    public static final Column XID = new Column(
            "_xid",
            DataType.Simple.BIGINT,
            "Transaction of the source's database that wrote this version; NULL if unknown");

    /** With these every table of bronze ends, in this order. */
    public static final List<Column> ALL = List.of(OP, SEQ, SOURCE, EXTRACTED_AT, RESCUED_DATA, REASON, XID);

    /** What Spark and Delta take as the name of a column; those that begin with _ are Tarn's. */
    private static final Pattern NAME = Pattern.compile("[^_ ,;{}()\\n\\t=][^ ,;{}()\\n\\t=]*");

    private BronzeSchema() {}

    /** Whether a column that comes from a source may have that name. */
    public static boolean isNameOfSource(String name) {
        return NAME.matcher(name).matches();
    }
}
