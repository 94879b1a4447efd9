package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.kernel.KernelTypes;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import io.delta.kernel.data.Row;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.Metadata;
import io.delta.kernel.internal.actions.SingleAction;
import io.delta.kernel.internal.tablefeatures.TableFeatures;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Columns that come to a table. */
final class SchemaEvolution {

    private SchemaEvolution() {}

    /**
     * The table's columns, and what {@code wanted} has beyond them. Refuses every other difference with
     * {@link ErrorCode#SCHEMA_CHANGED}.
     */
    private static StructType evolved(TableSnapshot base, TableSchema wanted) {
        return AddedColumns.of(
                base.kernel().getSchema(),
                KernelTypes.toKernel(wanted),
                difference -> refusal(base.table(), difference));
    }

    private static TarnException refusal(TableLocation table, AddedColumns.Difference difference) {
        if (difference.before() == null && !difference.path().equals(difference.pathAfter())) {
            return new TarnException(
                    ErrorCode.SCHEMA_CHANGED,
                    table + " cannot get the columns " + difference.path() + " and " + difference.pathAfter()
                            + ", which differ in case only.",
                    "Give them different names.");
        }
        if (difference.before() == null) {
            return new TarnException(
                    ErrorCode.SCHEMA_CHANGED,
                    table + " cannot get the column '" + difference.path() + "' as " + difference.after() + ".",
                    ColumnNames.MEND);
        }
        String has = table + " has the column " + difference.path() + " as " + difference.before() + ", and should ";
        String should = difference.after() == null
                ? "lose it"
                : "have " + (difference.path().equals(difference.pathAfter()) ? "it" : difference.pathAfter()) + " as "
                        + difference.after();
        return new TarnException(
                ErrorCode.SCHEMA_CHANGED,
                has + should + ": columns and fields can be added, and nothing else.",
                "Name and cast it in the query as the table has it, or refresh the table fully.");
    }

    /**
     * The query as its rows are to be written, after its new columns became those of the change's table where they may.
     * Refuses with {@link ErrorCode#SCHEMA_CHANGED} what is not an addition.
     */
    static String evolve(TableChangeBuilder change, Session session, String sql, NewColumns columns) {
        if (columns == NewColumns.REFUSE) {
            return sql;
        }
        TableSchema given = session.describe(sql);
        evolve(change, given);
        return cast(sql, given, change.schema());
    }

    /** Gives the change's table the columns that {@code wanted} has beyond its own. */
    static void evolve(TableChangeBuilder change, TableSchema wanted) {
        StructType schema = evolved(change.base(), wanted);
        if (!schema.equals(change.schema())) {
            change.newSchema(schema);
        }
    }

    /**
     * The query with its columns cast to those of {@code schema}: additions may stand elsewhere in a struct of the query.
     *
     * @param given what the query yields
     */
    private static String cast(String sql, TableSchema given, StructType schema) {
        TableSchema wanted = KernelTypes.fromKernel(schema);
        boolean same = given.columns().stream().allMatch(column -> wanted.column(column.name())
                .filter(found -> found.type().toString().equals(column.type().toString()))
                .isPresent());
        return same
                ? sql
                : schema.fields().stream()
                        .map(SchemaEvolution::cast)
                        .collect(Collectors.joining(", ", "SELECT ", " FROM (" + sql + ")"));
    }

    private static String cast(StructField field) {
        String name = Sql.identifier(field.getName());
        return "CAST(" + name + " AS " + TouchedRows.sqlType(field) + ") AS " + name;
    }

    /** The actions that give the table {@code schema}, and with it the features that a type of it asks for. */
    static List<Row> actions(SnapshotImpl table, StructType schema, Optional<TableDefinition> definition) {
        Metadata evolved = table.getMetadata().withNewSchema(schema);
        Metadata metadata = definition
                .map(anew -> TableRedefinition.metadata(evolved, anew))
                .orElse(evolved);
        List<Row> actions = new ArrayList<>();
        TableFeatures.autoUpgradeProtocolBasedOnMetadata(metadata, List.of(), table.getProtocol())
                .ifPresent(upgrade -> actions.add(SingleAction.createProtocolSingleAction(upgrade._1.toRow())));
        actions.add(SingleAction.createMetadataSingleAction(metadata.toRow()));
        return actions;
    }
}
