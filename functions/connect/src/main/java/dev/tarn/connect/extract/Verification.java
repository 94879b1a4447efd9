package dev.tarn.connect.extract;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Plan;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * Compares a source with what the lake has of it: all tables as one snapshot of the source has them, by number of rows, keys
 * and sums. Rows that were committed after the look which read a table last, and that no look has brought, are told apart
 * from rows that are missing. Nothing is changed on either side.
 */
public final class Verification {

    private final Lake lake;
    private final TableSource source;
    private final PostgresUrl url;
    private final Plan plan;
    private final BiPredicate<TableName, String> sameInSilver;

    /**
     * @param plan of the project, whose flows say how far silver has read bronze, and what they leave out
     * @param sameInSilver whether the column of that name, in silver's table of the name, has the values of the bronze
     *     table's column; else it has only the name in common with it
     */
    public Verification(
            Lake lake, TableSource source, PostgresUrl url, Plan plan, BiPredicate<TableName, String> sameInSilver) {
        this.lake = requireNonNull(lake, "lake");
        this.source = requireNonNull(source, "source");
        this.url = requireNonNull(url, "url");
        this.plan = requireNonNull(plan, "plan");
        this.sameInSilver = requireNonNull(sameInSilver, "sameInSilver");
    }

    /** A column of a table whose values are to be added up. */
    public record Summand(TableSource.Table table, String column) {
        public Summand {
            requireNonNull(table, "table");
            requireNonNull(column, "column");
        }

        /** Names of the columns that are to be added up of that table. */
        public static List<String> of(TableSource.Table table, List<Summand> sums) {
            return sums.stream()
                    .filter(sum -> sum.table().equals(table))
                    .map(Summand::column)
                    .toList();
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
            looks.forEach((table, look) -> verdicts.add(new TableVerification(lake, database, state, look, plan)
                    .run(silver.get(table), sameInSilver, Summand.of(table, sums))));
            return new SourceVerdict(asOf(database), state.horizon() + ":" + state.next(), verdicts, List.of());
        }
    }

    private static Instant asOf(SourceDatabase database) {
        long micros = Long.parseLong(
                database.one("SELECT (extract(epoch FROM now()) * 1000000)::bigint::text", "its clock was read"));
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
