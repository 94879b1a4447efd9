package dev.tarn.connect.extract;

import dev.tarn.connect.bronze.BronzeColumns;
import dev.tarn.connect.postgres.SourceColumn;
import dev.tarn.engine.delta.ChangeCommits;
import dev.tarn.engine.delta.SourceProgress;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Layer;
import dev.tarn.model.Nearest;
import dev.tarn.model.Plan;
import dev.tarn.model.Relation;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the lake says a table's rows are now: those of silver, or the newest versions of bronze where silver has no such
 * table. Versions that bronze has and the flow into silver has not read yet take the place of silver's.
 */
final class LakeRows {

    /** Where AUTO CDC of type 2 says until when a version held. */
    private static final String END_AT = "__END_AT";

    private static final Set<DataType> WHOLE =
            Set.of(DataType.Simple.TINYINT, DataType.Simple.SMALLINT, DataType.Simple.INT, DataType.Simple.BIGINT);

    private final TableName bronzeName;
    private final TableSnapshot bronze;
    private final @Nullable TableSnapshot silver;
    private final Plan project;
    private final ColumnPlan plan;
    private final Keys keys;

    /** @param silver null when there is none */
    LakeRows(
            TableName bronzeName, TableSnapshot bronze, @Nullable TableSnapshot silver, Plan project, ColumnPlan plan) {
        this.bronzeName = bronzeName;
        this.bronze = bronze;
        this.project = project;
        this.plan = plan;
        this.keys = plan.key();
        this.silver = silver != null && hasKeys(silver, bronze, keys) ? silver : null;
    }

    private static boolean hasKeys(TableSnapshot silver, TableSnapshot bronze, Keys keys) {
        return keys.columns().stream().allMatch(key -> {
            Optional<DataType> there = silver.schema().column(key.name()).map(Column::type);
            Optional<DataType> here = bronze.schema().column(key.name()).map(Column::type);
            return there.isPresent()
                    && (there.equals(here)
                            || WHOLE.contains(there.get())
                                    && here.filter(WHOLE::contains).isPresent());
        });
    }

    /** The table that silver has, or would have, for a bronze table. */
    static TableName silverOf(TableName bronze) {
        return new TableName(Layer.SILVER, bronze.table());
    }

    TableName bronze() {
        return bronzeName;
    }

    TableName name() {
        return silver == null ? bronzeName : silverOf(bronzeName);
    }

    /** The column in the table that is compared. */
    Optional<Column> column(String name) {
        return (silver == null ? bronze : silver).schema().column(name);
    }

    /** Keys and values of all rows. The columns have the types of {@link #name}. */
    Spool read(Session session, Known known, List<SummedColumn> columns) {
        String ofBronze = "SELECT " + selected(columns) + " FROM (" + known.newest() + ") AS newest";
        if (silver == null) {
            return Spool.of(session, ofBronze);
        }
        String ofSilver =
                "SELECT " + selected(columns) + " FROM " + silver.scan(session, () -> names(columns)) + current();
        long read = versionRead();
        if (read >= bronze.version()) {
            return Spool.of(session, ofSilver);
        }
        String unread = bronze.scanAdded(session, read, ChangeCommits.SKIP, this::keyNames);
        try (Spool later = Spool.of(session, "SELECT DISTINCT " + keys + " FROM " + unread)) {
            String of = " AS later ON " + keys.same("mine", "later");
            return Spool.of(
                    session,
                    "SELECT mine.* FROM (" + ofSilver + ") AS mine ANTI JOIN " + later.from() + of
                            + " UNION ALL SELECT mine.* FROM (" + ofBronze + ") AS mine SEMI JOIN " + later.from()
                            + of);
        }
    }

    private String selected(List<SummedColumn> columns) {
        List<String> selected = new ArrayList<>(List.of(keys.toString()));
        columns.forEach(column -> selected.add(column.shown()));
        return String.join(", ", selected);
    }

    private String current() {
        return isHistory() ? " WHERE " + Sql.identifier(END_AT) + " IS NULL" : "";
    }

    private boolean isHistory() {
        return silver != null && silver.schema().column(END_AT).isPresent();
    }

    private Set<String> names(List<SummedColumn> columns) {
        Set<String> names = keyNames();
        columns.forEach(column -> names.add(column.name()));
        if (isHistory()) {
            names.add(END_AT);
        }
        return names;
    }

    private Set<String> keyNames() {
        return keys.columns().stream().map(SourceColumn::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Version of bronze up to which every flow into silver has read it; the newest where none reads it directly. */
    private long versionRead() {
        TableSnapshot filled = Objects.requireNonNull(silver);
        return project.flows().stream()
                .filter(flow -> flow.target().equals(name()) && flow.reads(bronzeName))
                .mapToLong(flow -> filled.progress(flow.id())
                        .flatMap(progress -> progress.source(bronzeName.toString()))
                        .filter(progress -> bronze.tableId().equals(progress.tableId()))
                        .map(SourceProgress::version)
                        .orElse(-1L))
                .min()
                .orElse(bronze.version());
    }

    /** Those of the keys, which bronze has and silver lacks, that the project's own queries keep out of silver. */
    Spool leftOut(Lake lake, Session session, Spool missing) {
        return silver == null
                ? Spool.of(session, "SELECT * FROM " + missing.from() + " WHERE false")
                : new FlowQueries(lake, project, bronzeName, name()).leftOut(session, missing, bronze, plan);
    }

    /**
     * Columns of the source whose values both sides can add up; not those of the key, whose values are compared.
     *
     * @param sameInSilver whether silver's column of that name has the values of bronze's
     */
    List<SummedColumn> summable(BiPredicate<TableName, String> sameInSilver) {
        Set<String> ofKey = keyNames();
        return plan.read().stream()
                .filter(column -> silver == null || sameInSilver.test(bronzeName, column.name()))
                .filter(column -> !ofKey.contains(column.name()) && !BronzeColumns.isOwn(column.name()))
                .flatMap(column ->
                        SummedColumn.of(column, bronze.schema().column(column.name()), column(column.name())).stream())
                .toList();
    }

    /**
     * Those of {@link #summable(BiPredicate)} that have these names; all for none.
     *
     * @throws TarnException COLUMN_NOT_FOUND
     */
    List<SummedColumn> summable(Relation relation, BiPredicate<TableName, String> sameInSilver, List<String> names) {
        List<SummedColumn> summable = summable(sameInSilver);
        return names.isEmpty()
                ? summable
                : names.stream().map(name -> column(relation, summable, name)).toList();
    }

    private SummedColumn column(Relation relation, List<SummedColumn> summable, String name) {
        List<String> names = summable.stream().map(SummedColumn::name).toList();
        return summable.stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.COLUMN_NOT_FOUND,
                        "Column " + name + " of " + relation
                                + " cannot be added up: it is not a column of numbers that " + relation + " and "
                                + name() + " both have and that can be added up exactly.",
                        Nearest.sentence(
                                name,
                                names,
                                names.isEmpty() ? "Leave --sum out." : "There are " + String.join(", ", names) + ".")));
    }
}
