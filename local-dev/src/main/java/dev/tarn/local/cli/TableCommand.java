package dev.tarn.local.cli;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code tarn table}: what its commands have in common. */
@Command(
        name = "table",
        description = "Look into tables: of the lake by layer and name, any Delta table by its folder.",
        synopsisSubcommandLabel = "COMMAND")
final class TableCommand extends CommandGroup {

    @Option(
            names = "--timezone",
            paramLabel = "ZONE",
            scope = ScopeType.INHERIT,
            description = "Zone in which moments are read and shown. Default: that of the project, or UTC.")
    private @Nullable ZoneId timezone;

    TableCommand(RootCommand options, Surroundings surroundings) {
        super(options, surroundings);
    }

    OpenedTable open(String name) {
        return OpenedTable.open(name, options, lakeOptions, surroundings);
    }

    ZoneId timezone(OpenedTable table) {
        return timezone == null ? table.timezone() : timezone;
    }

    Format format() {
        return options.format();
    }

    Surroundings surroundings() {
        return surroundings;
    }

    Console console() {
        return new Console(surroundings, options.format());
    }
}
