package dev.tarn.connect.extract;

import dev.tarn.connect.bronze.BronzeColumns;
import dev.tarn.connect.postgres.CopyRequest;
import dev.tarn.connect.postgres.SourceColumn;
import dev.tarn.model.Column;
import dev.tarn.model.Sql;
import java.util.List;

/**
 * What is read of a table's columns and how it gets into its bronze table.
 *
 * @param read from the source
 * @param key tells rows apart
 * @param landed columns of the bronze table that get values
 * @param values a DuckDB expression for each landed column, over those that are read
 * @param rescued a DuckDB expression for {@code _rescued_data}
 * @param whole whether rows have to be read that were not written anew
 * @param remarks for the user, sentences
 */
record ColumnPlan(
        List<SourceColumn> read,
        Keys key,
        List<Column> landed,
        List<String> values,
        String rescued,
        boolean whole,
        List<String> remarks) {

    ColumnPlan {
        read = List.copyOf(read);
        landed = List.copyOf(landed);
        values = List.copyOf(values);
        remarks = List.copyOf(remarks);
        if (landed.size() != values.size()) {
            throw new IllegalArgumentException("each landed column needs its value");
        }
    }

    CopyRequest request(SourceTable table, SourceState state) {
        return new CopyRequest(
                table.relation(), read, BronzeColumns.RESCUED_DATA.name(), BronzeColumns.XID.name(), state.next());
    }

    /** Rows as they were read, as versions. */
    String upserts(String from) {
        StringBuilder select = new StringBuilder("SELECT ");
        for (int column = 0; column < landed.size(); column++) {
            select.append(values.get(column))
                    .append(" AS ")
                    .append(Sql.identifier(landed.get(column).name()))
                    .append(", ");
        }
        return select + "'upsert' AS " + Sql.identifier(BronzeColumns.OP.name())
                + ", " + rescued + " AS " + Sql.identifier(BronzeColumns.RESCUED_DATA.name())
                + ", NULL::VARCHAR AS " + Sql.identifier(BronzeColumns.REASON.name())
                + ", " + Sql.identifier(BronzeColumns.XID.name())
                + " FROM " + from;
    }
}
