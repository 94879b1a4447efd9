package dev.tarn.local.cli;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code tarn} itself: the options that every command takes. */
@Command(
        name = "tarn",
        description = "A lakehouse the size of a mountain lake.",
        synopsisSubcommandLabel = "COMMAND",
        scope = ScopeType.INHERIT,
        versionProvider = RootCommand.Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true)
final class RootCommand implements Callable<Integer> {

    private static final int USAGE = 2;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and exit.")
    // Picocli acts on it.
    @SuppressWarnings("UnusedVariable")
    private boolean help;

    @Option(
            names = "--project",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Folder of the project. Default: the nearest spark-pipeline.yml upwards.")
    private @Nullable String project;

    @Option(
            names = "--target",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "Target of tarn.yml. Default: the one marked default.")
    private @Nullable String target;

    @Option(
            names = "--format",
            paramLabel = "table|json",
            scope = ScopeType.INHERIT,
            defaultValue = "table",
            description = "How to answer: table (default), or json for programs.")
    private String format = Format.TABLE.toString();

    @Option(names = "--stacktrace", scope = ScopeType.INHERIT, hidden = true, description = "Show where Tarn failed.")
    private boolean stacktrace;

    Optional<String> project() {
        return Optional.ofNullable(project);
    }

    Optional<String> target() {
        return Optional.ofNullable(target);
    }

    /** The format; of a command line that was accepted. */
    Format format() {
        return Format.of(format);
    }

    /** Refuses a format that {@code command} does not have; throws {@link IllegalArgumentException} with a sentence. */
    void checkFormat(Object command) {
        if (command instanceof TableReadCommand || command instanceof TableChangesCommand) {
            Format.of(format, Format.OF_ROWS);
        } else if (!(command instanceof GraphCommand)) {
            Format.of(format, Format.OF_ALL);
        } else if (!format.equals(Format.TABLE.toString())) {
            Format.of(format, Format.OF_GRAPHS);
        }
    }

    boolean stacktrace() {
        return stacktrace;
    }

    @Override
    public Integer call() {
        CommandLine line = requireNonNull(spec).commandLine();
        line.usage(line.getErr());
        return USAGE;
    }

    /** Says the version that the build wrote into the jar. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = RootCommand.class.getPackage().getImplementationVersion();
            return new String[] {"tarn " + (version == null ? "(not packaged)" : version)};
        }
    }
}
