package dev.tarn.connect.bronze;

import dev.tarn.model.BronzeSchema;
import dev.tarn.model.Column;
import dev.tarn.model.TableSchema;
import java.util.ArrayList;
import java.util.List;

/** The columns with which every bronze table ends, whatever its door. */
public final class BronzeColumns {

    public static final Column OP = BronzeSchema.OP;
    public static final Column SEQ = BronzeSchema.SEQ;
    public static final Column SOURCE = BronzeSchema.SOURCE;
    public static final Column EXTRACTED_AT = BronzeSchema.EXTRACTED_AT;
    public static final Column RESCUED_DATA = BronzeSchema.RESCUED_DATA;
    public static final Column REASON = BronzeSchema.REASON;
    public static final Column XID = BronzeSchema.XID;

    private static final List<Column> ALL = BronzeSchema.ALL;

    private BronzeColumns() {}

    /** The schema of a bronze table with these columns of its source. */
    public static TableSchema behind(List<Column> sourceColumns) {
        List<Column> columns = new ArrayList<>(sourceColumns);
        columns.addAll(ALL);
        return new TableSchema(columns);
    }

    /** The columns of a bronze table that come from its source. */
    public static List<Column> ofSource(TableSchema bronze) {
        return bronze.columns().stream().filter(column -> !isOwn(column.name())).toList();
    }

    /** Whether a column of that name would be taken for one of these. */
    public static boolean isOwn(String name) {
        return ALL.stream().anyMatch(column -> column.name().equalsIgnoreCase(name));
    }
}
