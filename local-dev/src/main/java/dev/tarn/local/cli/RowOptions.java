package dev.tarn.local.cli;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.util.function.BiFunction;
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
        check(tables.format());
        try (RowOutput out = RowOutput.open(
                        output == null ? null : tables.surroundings().resolve(output), tables.surroundings());
                OpenedTable table = tables.open(name);
                Session session = table.duckDb().session()) {
            session.timezone(tables.timezone(table));
            write(rows.apply(table, session), tables.format(), out);
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
