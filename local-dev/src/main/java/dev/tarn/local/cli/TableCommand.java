package dev.tarn.local.cli;

import static java.util.Objects.requireNonNull;

import java.time.ZoneId;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code tarn table}: what its commands have in common. */
@Command(
        name = "table",
        description = "Look into tables: of the lake by layer and name, any Delta table by its folder.",
        synopsisSubcommandLabel = "COMMAND")
final class TableCommand implements Callable<Integer> {

    private static final int USAGE = 2;

    private final RootCommand options;
    private final Surroundings surroundings;

    @Spec
    private @Nullable CommandSpec spec;

    @Mixin
    private LakeOptions lakeOptions = new LakeOptions();

    @Option(
            names = "--timezone",
            paramLabel = "ZONE",
            scope = ScopeType.INHERIT,
            description = "Zone in which moments are read and shown. Default: that of the project, or UTC.")
    private @Nullable ZoneId timezone;

    TableCommand(RootCommand options, Surroundings surroundings) {
        this.options = options;
        this.surroundings = surroundings;
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

    @Override
    public Integer call() {
        CommandLine line = requireNonNull(spec).commandLine();
        line.usage(line.getErr());
        return USAGE;
    }
}
