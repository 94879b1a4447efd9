package dev.tarn.compiler.query;

import dev.tarn.compiler.grammar.SparkGrammar.Slice;
import dev.tarn.compiler.statement.Surroundings;
import dev.tarn.compiler.statement.ViewStatement;
import dev.tarn.model.Column;
import dev.tarn.model.Flow;
import dev.tarn.model.JudgedView;
import dev.tarn.model.Sql;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The query of one flow, understood. How it fits its table is asked of it later. */
public final class FlowQuery {

    private final BoundQuery query;
    private final Reading reading;

    private FlowQuery(BoundQuery query, Reading reading) {
        this.query = query;
        this.reading = reading;
    }

    /** Understands {@code query}. Throws {@link dev.tarn.model.TarnException} with what is wrong. */
    public static FlowQuery bind(Surroundings surroundings, Slice query, Tables tables) {
        Reading reading = new Reading(tables);
        BoundQuery bound = new QueryBinder(new Site(surroundings), reading)
                .bind(surroundings.grammar().query(query));
        return new FlowQuery(bound, reading);
    }

    /** The query of a view by itself. Throws {@link dev.tarn.model.TarnException} with what is wrong. */
    public static FlowQuery of(ViewStatement view, Tables tables) {
        Reading reading = new Reading(tables);
        WithQueries.View bound = reading.view(view, view.name().position());
        String sql = "SELECT * FROM " + Sql.identifier(bound.name());
        return new FlowQuery(new BoundQuery(sql, bound.columns(), bound.streaming()), reading);
    }

    /** Columns of the result, in order. */
    public List<ResultColumn> columns() {
        return query.columns();
    }

    /** Whether it yields the new rows of a stream. */
    public boolean streaming() {
        return query.streaming();
    }

    /** Whether it reads a stream anywhere. */
    public boolean readsStream() {
        return reading.streams();
    }

    /** Tables that it reads, once each. */
    public List<Flow.Input> inputs() {
        return reading.inputs();
    }

    /** The views inside of it whose rows are judged. */
    public List<JudgedView> views() {
        return List.copyOf(reading.judged());
    }

    /** What its streamed rows went through. */
    public Lineage lineage() {
        Map<String, Set<Origin>> origins =
                columns().stream().collect(Collectors.toMap(column -> key(column.name()), ResultColumn::origins));
        return new Lineage(origins, reading.judgements());
    }

    /** Judgements of the views in it that read no stream. */
    List<Judgement> ofWholeViews() {
        return reading.ofWholeViews();
    }

    /** The query for DuckDB. It yields {@code columns}, filled by name, and NULL in those that the query does not have. */
    public String sql(List<Column> columns) {
        Map<String, ResultColumn> results =
                columns().stream().collect(Collectors.toMap(column -> key(column.name()), Function.identity()));
        List<String> items = columns.stream()
                .map(column -> {
                    ResultColumn result = results.get(key(column.name()));
                    String value = result == null ? "NULL" : Sql.identifier(result.name());
                    return Coercion.cast(value, column.type()) + " AS " + Sql.identifier(column.name());
                })
                .toList();
        return select(items, "result", columns);
    }

    /** The query for DuckDB, with {@code items} computed over its result; they yield {@code columns}. */
    String select(List<String> items, String alias, List<Column> columns) {
        return reading.views().clause() + "SELECT " + String.join(", ", items) + "\nFROM (" + query.sql() + ") AS "
                + Sql.identifier(alias) + reading.views().readToTheEnd(columns);
    }

    static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
