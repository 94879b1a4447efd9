package dev.tarn.local.cli;

import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which version of a table a command is about. */
final class VersionOptions {

    @Option(names = "--version", paramLabel = "N", description = "The version of the table. Default: the newest.")
    private @Nullable Long version;

    @Option(
            names = "--timestamp",
            paramLabel = "T",
            description = "The version of that moment: a date, or a date and time, with or without a zone.")
    private @Nullable Moment timestamp;

    void check() {
        if (version != null && timestamp != null) {
            throw new TarnException(
                    ErrorCode.USAGE, "--version and --timestamp name two versions.", "Give one of them.");
        }
        if (version != null && version < 0) {
            throw new TarnException(
                    ErrorCode.USAGE, "--version takes 0 or more, not " + version + ".", "See tarn table history.");
        }
    }

    /** @param timezone of a moment that has none */
    TableSnapshot snapshot(OpenedTable table, ZoneId timezone) {
        if (version != null) {
            return table.table().snapshotAt(version);
        }
        return timestamp != null
                ? table.table().snapshotAt(timestamp.in(timezone))
                : table.table()
                        .snapshot()
                        .orElseThrow(() -> new TarnException(
                                ErrorCode.TABLE_NOT_FOUND,
                                table.table().location() + " was deleted meanwhile.",
                                "Run the command again."));
    }
}
