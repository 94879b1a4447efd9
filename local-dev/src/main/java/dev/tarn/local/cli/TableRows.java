package dev.tarn.local.cli;

import dev.tarn.engine.duckdb.ColumnRecorder;
import dev.tarn.engine.duckdb.JsonTexts;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.SparkTexts;
import dev.tarn.engine.duckdb.SqlFailedException;
import dev.tarn.model.Column;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows that a command shows, written by DuckDB as they pass. */
final class TableRows {

    private static final String RECORDED = "_tarn_recorded";

    /** What a table offers to be read: a FROM-expression of which only the given columns are read. */
    @FunctionalInterface
    interface Source extends Function<Supplier<Set<String>>, String> {}

    /**
     * Which rows, and what of them.
     *
     * @param condition for DuckDB, null for all rows
     * @param order columns by which the rows are ordered; empty for no order
     * @param limit null for all rows
     */
    record Wanted(List<SelectedColumn> columns, @Nullable String condition, List<String> order, @Nullable Long limit) {
        Wanted {
            columns = List.copyOf(columns);
            order = List.copyOf(order);
        }
    }

    private final String table;
    private final Session session;
    private final TableSchema schema;
    private final Source source;
    private final Wanted wanted;

    /**
     * @param table for messages
     * @param schema of {@code source}
     */
    TableRows(String table, Session session, TableSchema schema, Source source, Wanted wanted) {
        this.table = table;
        this.session = session;
        this.schema = schema;
        this.source = source;
        this.wanted = wanted;
    }

    /** Names of the columns of the rows. */
    List<String> names() {
        return wanted.columns().stream().map(SelectedColumn::name).toList();
    }

    /** Shows each row as texts, null for NULL, until {@code visitor} wants no more. */
    void forEachText(Predicate<List<@Nullable String>> visitor) {
        String list = wanted.columns().stream()
                .map(column -> SparkTexts.of(column.sql(), column.type()))
                .collect(Collectors.joining(", "));
        int width = wanted.columns().size();
        run(() -> session.forEach(select(list), row -> {
            List<@Nullable String> texts = new ArrayList<>(width);
            for (int column = 1; column <= width; column++) {
                texts.add(row.getString(column));
            }
            return visitor.test(texts);
        }));
    }

    /** Shows each row as a JSON document, until {@code visitor} wants no more. */
    void forEachJson(Predicate<String> visitor) {
        List<Column> columns = wanted.columns().stream()
                .map(column -> new Column(column.name(), column.type()))
                .toList();
        List<String> values = wanted.columns().stream().map(SelectedColumn::sql).toList();
        run(() -> session.forEach(select(JsonTexts.object(columns, values)), row -> visitor.test(row.getString(1))));
    }

    /** Writes the rows to a Parquet file, which must not exist. */
    void toParquet(Path file) {
        String list = wanted.columns().stream()
                .map(column -> column.sql() + " AS " + Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
        run(() -> session.execute(
                "COPY (" + select(list) + ") TO " + Sql.literal(file.toString()) + " (FORMAT parquet)"));
    }

    private String select(String list) {
        return select(list, source.apply(this::columnsRead));
    }

    private String select(String list, String from) {
        return "SELECT " + list + " FROM " + from + " AS _tarn_rows"
                + (wanted.condition() == null ? "" : " WHERE " + wanted.condition())
                + (wanted.order().isEmpty() ? "" : " ORDER BY " + Sql.identifiers(wanted.order()))
                + (wanted.limit() == null ? "" : " LIMIT " + wanted.limit());
    }

    /** Columns that the query reads, as DuckDB's planner has it. */
    private Set<String> columnsRead() {
        ColumnRecorder recorder = new ColumnRecorder(schema);
        session.recorded(RECORDED, recorder);
        String list = wanted.columns().stream().map(SelectedColumn::sql).collect(Collectors.joining(", "));
        session.query(select(list, RECORDED), row -> true);
        return recorder.read().orElseGet(() -> Set.copyOf(schema.names()));
    }

    private void run(Runnable query) {
        try {
            query.run();
        } catch (SqlFailedException e) {
            if (e.isOutOfMemory()) {
                throw new TarnException(
                        ErrorCode.MEMORY_TOO_SMALL,
                        "Reading " + table + " needs more memory and disk than DuckDB may use.",
                        "Read fewer columns, or give the process more memory: TARN_JAVA_OPTIONS=-Xmx2g.",
                        e);
            }
            throw new TarnException(
                    ErrorCode.QUERY_FAILED,
                    "Reading " + table + " failed on the rows it met: " + e.kind() + ".",
                    "Run again with --stacktrace to see the database's own words, which may show values.",
                    e);
        }
    }
}
