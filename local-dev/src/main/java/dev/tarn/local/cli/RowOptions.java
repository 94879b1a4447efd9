package dev.tarn.local.cli;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.time.ZoneId;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of commands that show rows: how many, and where they go. */
final class RowOptions {

    @Option(names = "--limit", paramLabel = "N", description = "At most so many rows.")
    private @Nullable Long limit;

    @Option(names = "--output", paramLabel = "FILE", description = "Write to a new file instead of standard output.")
    private @Nullable String output;

    /** Null for all rows. */
    @Nullable
    Long limit() {
        return limit;
    }

    /** Shows the rows that {@code rows} makes of the table. Nothing is opened when the options cannot be met. */
    void show(TableCommand tables, String name, BiFunction<OpenedTable, Session, TableRows> rows) {
        show(tables.format(), tables.surroundings(), () -> tables.open(name), tables::timezone, rows);
    }

    /** As above, of any table; {@code timezone} is that of moments which are shown. */
    void show(
            Format format,
            Surroundings surroundings,
            Supplier<OpenedTable> opened,
            Function<OpenedTable, ZoneId> timezone,
            BiFunction<OpenedTable, Session, TableRows> rows) {
        check(format);
        try (RowOutput out = RowOutput.open(output == null ? null : surroundings.resolve(output), surroundings);
                OpenedTable table = opened.get();
                Session session = table.duckDb().session()) {
            session.timezone(timezone.apply(table));
            write(rows.apply(table, session), format, out);
            out.complete();
        }
    }

    private void check(Format format) {
        if (limit != null && limit < 0) {
            throw new TarnException(
                    ErrorCode.USAGE, "--limit takes 0 or more, not " + limit + ".", "Leave it out to see all rows.");
        }
        if (format == Format.PARQUET && output == null) {
            throw new TarnException(
                    ErrorCode.USAGE, "--format parquet writes a file and needs its name.", "Add --output FILE.");
        }
    }

    private static void write(TableRows rows, Format format, RowOutput out) {
        switch (format) {
            case TABLE -> {
                RowTable table = new RowTable(rows.names(), out);
                rows.forEachText(table::add);
                table.end();
            }
            case JSON, JSONL -> rows.forEachJson(out::line);
            case PARQUET -> rows.toParquet(out.unfinished());
        }
    }
}
