package dev.tarn.compiler.query;

import dev.tarn.compiler.statement.DatasetStatement;
import dev.tarn.model.Layer;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.util.Optional;

/** The tables and views that a query may read. */
public interface Tables {

    /**
     * Columns of a table.
     *
     * @param position where the query names it
     * @throws TarnException when nobody makes the table, or it cannot be read there
     */
    TableSchema schema(TableName table, boolean streaming, SourcePosition position);

    /** The temporary view of that name, whatever its case. */
    Optional<DatasetStatement> view(String name);

    /** Layer of a table that is named without one; empty when the project sets none. */
    Optional<Layer> defaultLayer();

    /** The refusal for a name that is no table. */
    TarnException unknown(String name, SourcePosition position);
}
