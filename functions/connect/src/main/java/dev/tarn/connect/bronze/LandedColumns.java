package dev.tarn.connect.bronze;

import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Sql;
import java.util.ArrayList;
import java.util.List;

/**
 * How columns that are read become those of a bronze table, and what goes to {@code _rescued_data} instead.
 *
 * @param columns of the bronze table that get values
 * @param values a DuckDB expression for each of them, over the columns that are read
 * @param withoutColumn names and values of what has no column, as {@code json_object} takes them
 */
public record LandedColumns(List<Column> columns, List<String> values, List<String> withoutColumn) {

    private static final String RESCUED = Sql.identifier(BronzeColumns.RESCUED_DATA.name());

    public LandedColumns {
        columns = List.copyOf(columns);
        values = List.copyOf(values);
        withoutColumn = List.copyOf(withoutColumn);
        if (columns.size() != values.size()) {
            throw new IllegalArgumentException("each landed column needs its value");
        }
    }

    /** Gathers columns. */
    public static final class Builder {

        private final List<Column> columns = new ArrayList<>();
        private final List<String> values = new ArrayList<>();
        private final List<String> withoutColumn = new ArrayList<>();

        /** A column that lands as it was read. */
        public void land(Column column) {
            derive(column, Sql.identifier(column.name()));
        }

        /** A column whose value is the DuckDB expression. */
        public void derive(Column column, String value) {
            columns.add(column);
            values.add(value);
        }

        /** A column that is read with another type than bronze has: what does not fit that one is rescued. */
        public void retype(String name, DataType bronze) {
            String read = Sql.identifier(name);
            String fits = "TRY_CAST(" + read + " AS " + DuckDbTypes.sqlType(bronze) + ")";
            derive(new Column(name, bronze), fits);
            withoutColumn.add(
                    Sql.literal(name) + ", CASE WHEN " + fits + " IS NULL THEN CAST(" + read + " AS VARCHAR) END");
        }

        /** A column that is read and that bronze does not have. */
        public void rescue(String name) {
            withoutColumn.add(Sql.literal(name) + ", CAST(" + Sql.identifier(name) + " AS VARCHAR)");
        }

        public LandedColumns build() {
            return new LandedColumns(columns, values, withoutColumn);
        }
    }

    /**
     * A select list that makes versions of what was read.
     *
     * @param xid a DuckDB expression for {@code _xid}
     */
    public String upserts(String xid) {
        StringBuilder select = new StringBuilder();
        for (int column = 0; column < columns.size(); column++) {
            select.append(values.get(column))
                    .append(" AS ")
                    .append(Sql.identifier(columns.get(column).name()))
                    .append(", ");
        }
        return select + "'upsert' AS " + Sql.identifier(BronzeColumns.OP.name()) + ", " + rescued() + " AS " + RESCUED
                + ", NULL::VARCHAR AS " + Sql.identifier(BronzeColumns.REASON.name()) + ", " + xid + " AS "
                + Sql.identifier(BronzeColumns.XID.name());
    }

    /** What is there already, and the values that have no column, by JSON's rules for merging: NULLs leave no trace. */
    private String rescued() {
        return withoutColumn.isEmpty()
                ? RESCUED
                : "nullif(json_merge_patch(coalesce(" + RESCUED + ", '{}'), json_object("
                        + String.join(", ", withoutColumn) + "))::VARCHAR, '{}')";
    }
}
