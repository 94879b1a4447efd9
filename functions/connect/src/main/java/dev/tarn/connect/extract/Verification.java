package dev.tarn.connect.extract;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Flow;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares a source with what the lake has of it: all tables as one snapshot of the source has them, by number of rows, keys
 * and sums. Rows that were committed after the look which read a table last, and that no look has brought, are told apart
 * from rows that are missing. Nothing is changed on either side.
 */
public final class Verification {

    private final Lake lake;
    private final TableSource source;
    private final PostgresUrl url;
    private final List<Flow> flows;

    /** @param flows of the project, which say how far silver has read bronze */
    public Verification(Lake lake, TableSource source, PostgresUrl url, List<Flow> flows) {
        this.lake = requireNonNull(lake, "lake");
        this.source = requireNonNull(source, "source");
        this.url = requireNonNull(url, "url");
        this.flows = List.copyOf(flows);
    }

    /** A column of a table whose values are to be added up. */
    public record Summand(TableSource.Table table, String column) {
        public Summand {
            requireNonNull(table, "table");
            requireNonNull(column, "column");
        }
    }

    /**
     * Compares these tables.
     *
     * @param sums columns to add up; none for all numbers that both sides have
     * @throws TarnException as {@link Extraction#connect}; SOURCE_RECREATED, SCHEMA_CHANGED, COLUMN_NOT_FOUND for a column
     *     that cannot be added up
     */
    public SourceVerdict run(List<TableSource.Table> tables, List<Summand> sums) {
        // The lake first, silver before bronze: neither can then be ahead of what is compared with it.
        Map<TableSource.Table, TableSnapshot> silver = new HashMap<>();
        tables.forEach(table -> lake.table(LakeRows.silverOf(table.target()))
                .snapshot()
                .ifPresent(snapshot -> silver.put(table, snapshot)));
        Map<TableSource.Table, TableLook> looks = new LinkedHashMap<>();
        tables.forEach(table -> looks.put(table, TableLook.begin(lake, source, table)));
        try (SourceDatabase database = SourceDatabase.open(source, url)) {
            new SourceCheck(database).run();
            database.renew();
            database.hold(tables.stream().map(TableSource.Table::relation).toList());
            SourceState state = database.state();
            List<TableVerdict> verdicts = new ArrayList<>();
            looks.forEach((table, look) -> verdicts.add(new TableVerification(lake, database, state, look, flows)
                    .run(silver.get(table), columns(table, sums))));
            return new SourceVerdict(asOf(database), state.horizon() + ":" + state.next(), verdicts);
        }
    }

    private static List<String> columns(TableSource.Table table, List<Summand> sums) {
        return sums.stream()
                .filter(sum -> sum.table().equals(table))
                .map(Summand::column)
                .toList();
    }

    private static Instant asOf(SourceDatabase database) {
        long micros = Long.parseLong(
                database.one("SELECT (extract(epoch FROM now()) * 1000000)::bigint::text", "its clock was read"));
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
