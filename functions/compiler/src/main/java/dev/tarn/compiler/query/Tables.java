package dev.tarn.compiler.query;

import dev.tarn.compiler.statement.ViewStatement;
import dev.tarn.model.Flow;
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
    TableSchema schema(TableName table, Flow.Reading reading, SourcePosition position);

    /**
     * The table of bronze that the files' rows go to.
     *
     * @throws TarnException when there cannot be one
     */
    TableName files(ReadFiles files);

    /** What rows of a table, of which the columns were asked before, went through. */
    Lineage lineage(TableName table);

    /** The temporary view of that name, whatever its case. */
    Optional<ViewStatement> view(String name);

    /**
     * The view that is named as a table would be.
     *
     * @param position where the query names it
     * @throws TarnException when it cannot be read there
     */
    Optional<ViewStatement> view(TableName name, SourcePosition position);

    /** The refusal for a name that is no table. */
    TarnException unknown(String name, SourcePosition position);
}
