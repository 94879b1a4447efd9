package dev.tarn.connect.extract;

import static dev.tarn.connect.extract.KeyQueries.in;
import static java.util.Objects.requireNonNull;

import dev.tarn.connect.bronze.LandedColumns;
import dev.tarn.connect.postgres.SourceColumn;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Plan;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares the lake's rows of one table with rows of its source, where these have a whole number for a key and somebody else
 * reads them and knows which of them are still to come.
 */
public final class LakeComparison implements AutoCloseable {

    /** Of the source's rows: whether the next look brings the row. */
    public static final String TO_COME = "_to_come";
    /** Of the source's rows: whether bronze has another version of the row, and no look would bring this one. */
    public static final String OTHER_VERSION = "_other_version";

    private final Lake lake;
    private final Session session;
    private final TableSource.Table table;
    private final KeyQueries queries;
    private final Known known;
    private final LakeRows rows;
    private final List<SummedColumn> columns;
    private final Spool here;

    private LakeComparison(
            Lake lake,
            Session session,
            TableSource.Table table,
            Known known,
            LakeRows rows,
            List<SummedColumn> columns) {
        this.lake = lake;
        this.session = session;
        this.table = table;
        this.known = known;
        this.queries = new KeyQueries(session, known.keys());
        this.rows = rows;
        this.columns = columns;
        this.here = rows.read(session, known, columns);
    }

    /**
     * What the lake has of a table.
     *
     * @param numbers columns of the source, of whole numbers or decimals
     * @param sums those of them that are to be added up; none for all that both sides have
     */
    public record Asked(TableSource.Table table, String key, List<Column> numbers, List<String> sums) {
        public Asked {
            requireNonNull(table, "table");
            requireNonNull(key, "key");
            numbers = List.copyOf(numbers);
            sums = List.copyOf(sums);
        }
    }

    /**
     * Reads the lake's rows.
     *
     * @param silver null when silver has no table of the name
     * @param project whose flows say how far silver has read bronze, and what they leave out
     * @param sameInSilver as {@link Verification} has it
     * @throws dev.tarn.model.TarnException COLUMN_NOT_FOUND for a column that cannot be added up
     */
    public static LakeComparison open(
            Lake lake,
            Session session,
            Asked asked,
            TableSnapshot bronze,
            @Nullable TableSnapshot silver,
            Plan project,
            BiPredicate<TableName, String> sameInSilver) {
        List<SourceColumn> read = new ArrayList<>();
        asked.numbers().forEach(column -> read.add(inDatabase(column, read.size() + 2)));
        Keys keys = new Keys(List.of(inDatabase(new Column(asked.key(), DataType.Simple.INT), 1)));
        ColumnPlan plan = new ColumnPlan(read, keys, new LandedColumns.Builder().build(), false, List.of());
        LakeRows rows = new LakeRows(asked.table().target(), bronze, silver, project, plan);
        return new LakeComparison(
                lake,
                session,
                asked.table(),
                new Known(session, bronze, plan),
                rows,
                rows.summable(asked.table().relation(), sameInSilver, asked.sums()));
    }

    /** The column as the database behind the source would have it. */
    private static SourceColumn inDatabase(Column column, int number) {
        return new SourceColumn(
                column.name(),
                number,
                column.type() instanceof DataType.Decimal ? "numeric" : "int4",
                SourceColumn.NO_MODIFIER);
    }

    /** Names of the columns that are compared. */
    public List<String> columns() {
        return columns.stream().map(SummedColumn::name).toList();
    }

    /** A query for key and columns of the rows as bronze has them. */
    public String inBronze() {
        return "SELECT " + selected(List.of()) + " FROM (" + known.newest() + ")";
    }

    private String selected(List<String> more) {
        List<String> names = new ArrayList<>(List.of(known.keys().toString()));
        columns().forEach(name -> names.add(Sql.identifier(name)));
        names.addAll(more);
        return String.join(", ", names);
    }

    /**
     * Compares.
     *
     * @param there every row of the source: key, columns as bronze has them, {@link #TO_COME} and {@link #OTHER_VERSION}
     */
    public TableVerdict.Compared compare(Spool there) {
        try (Spool toCome = Spool.of(session, queries.keysOf(there.from() + " WHERE " + TO_COME));
                Spool theirs =
                        Spool.of(session, "SELECT " + shown() + " FROM " + there.from() + " WHERE NOT " + TO_COME);
                Spool missing = Spool.of(session, queries.keysOf(in(queries.without(theirs.from(), here))));
                Spool inBronze = Spool.of(session, queries.within(missing.from(), in(known.present())));
                Spool leftOut = rows.leftOut(lake, session, inBronze)) {
            String mine = in(queries.without(here.from(), toCome));
            String others = queries.differing(mine, theirs.from(), columns) + " UNION "
                    + queries.keysOf(
                            in(queries.within(mine, in("SELECT * FROM " + there.from() + " WHERE " + OTHER_VERSION))));
            return new TableVerdict.Compared(
                    table.relation(),
                    rows.name(),
                    known.keys().columns().stream().map(SourceColumn::name).toList(),
                    there.rows(),
                    here.rows(),
                    queries.rows(queries.keysOf(toCome.from())),
                    queries.rows(queries.without(missing.from(), leftOut)),
                    missing.rows() - inBronze.rows(),
                    queries.rows(queries.keysOf(leftOut.from())),
                    queries.rows(queries.keysOf(in(queries.without(mine, theirs)))),
                    queries.rows(others),
                    queries.rows(queries.repeated(here.from())),
                    sums(there, in(queries.without(theirs.from(), leftOut)), mine, leftOut.rows() == 0),
                    List.of());
        }
    }

    private String shown() {
        return known.keys()
                + columns.stream().map(column -> ", " + column.shown()).collect(Collectors.joining());
    }

    private List<TableVerdict.Sum> sums(Spool there, String theirs, String mine, boolean all) {
        List<TableVerdict.Sum> sums = new ArrayList<>();
        for (SummedColumn column : columns) {
            BigDecimal source = number(column.sumInDuckDb(), theirs);
            Optional<BigDecimal> exact = column.isRounded() && all
                    ? Optional.of(number(column.exactSumInDuckDb(), there.from() + " WHERE NOT " + TO_COME))
                    : Optional.empty();
            sums.add(new TableVerdict.Sum(
                    column.name(),
                    source,
                    number(column.sumInDuckDb(), mine),
                    exact.filter(digits -> digits.compareTo(source) != 0)));
        }
        return sums;
    }

    private BigDecimal number(String sum, String from) {
        return session.query("SELECT " + sum + " FROM " + from, row -> new BigDecimal(row.getString(1)))
                .get(0);
    }

    @Override
    public void close() {
        here.close();
    }
}
