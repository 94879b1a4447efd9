package dev.tarn.connect.extract;

import dev.tarn.connect.bronze.BronzeColumns;
import dev.tarn.connect.bronze.LandedColumns;
import dev.tarn.connect.postgres.CopyRequest;
import dev.tarn.connect.postgres.SourceColumn;
import dev.tarn.model.Sql;
import java.util.List;

/**
 * What is read of a table's columns and how it gets into its bronze table.
 *
 * @param read from the source
 * @param key tells rows apart
 * @param landed in bronze
 * @param whole whether rows have to be read that were not written anew
 * @param remarks for the user, sentences
 */
record ColumnPlan(List<SourceColumn> read, Keys key, LandedColumns landed, boolean whole, List<String> remarks) {

    ColumnPlan {
        read = List.copyOf(read);
        remarks = List.copyOf(remarks);
    }

    CopyRequest request(SourceTable table, SourceState state) {
        return new CopyRequest(
                table.relation(), read, BronzeColumns.RESCUED_DATA.name(), BronzeColumns.XID.name(), state.next());
    }

    /** Rows as they were read, as versions. */
    String upserts(String from) {
        return "SELECT " + landed.upserts(Sql.identifier(BronzeColumns.XID.name())) + " FROM " + from;
    }
}
