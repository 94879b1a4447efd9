package dev.tarn.connect.postgres;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Relation;
import dev.tarn.model.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is read of the rows of a table. Behind its columns come two more: what did not fit its type, as a JSON object
 * {@code {"column": "value"}}, and the transaction that wrote the row.
 *
 * @param columns at least one
 * @param rescued name of the column for what did not fit
 * @param xid name of the column for the transaction
 * @param next a transaction id, in 64 bits, that no row has reached yet
 */
public record CopyRequest(Relation relation, List<SourceColumn> columns, String rescued, String xid, long next) {

    public CopyRequest {
        requireNonNull(relation, "relation");
        requireNonNull(rescued, "rescued");
        requireNonNull(xid, "xid");
        columns = List.copyOf(columns);
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("a table of no columns cannot be read: " + relation);
        }
    }

    String query(String condition) {
        String select = columns.stream().map(SourceColumn::selected).collect(Collectors.joining(", "));
        return "SELECT " + select + ", xmin FROM " + PostgresSql.of(relation) + " WHERE " + condition;
    }

    /** How many fields a row of the query has. */
    int fields() {
        return columns.size() + 1;
    }

    TableSchema schema() {
        List<Column> fields =
                new ArrayList<>(columns.stream().map(SourceColumn::column).toList());
        fields.add(new Column(rescued, DataType.Simple.STRING));
        fields.add(new Column(xid, DataType.Simple.BIGINT));
        return new TableSchema(fields);
    }
}
