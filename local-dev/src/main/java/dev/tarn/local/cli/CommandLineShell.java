package dev.tarn.local.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.local.run.LakeStorage;
import dev.tarn.local.run.Stop;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Nearest;
import dev.tarn.model.Problem;
import dev.tarn.model.SecretRef;
import dev.tarn.model.TarnException;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Runs one command line. The only place where a refusal becomes output and an exit code. */
public final class CommandLineShell {

    private final Surroundings surroundings;
    private final List<String> arguments;
    private final RootCommand root = new RootCommand();

    private CommandLineShell(Surroundings surroundings, List<String> arguments) {
        this.surroundings = surroundings;
        this.arguments = arguments;
    }

    /**
     * Runs the command that {@code arguments} name, until it is done or {@code stop} is requested.
     *
     * @return the exit code: 0 done, otherwise one of {@link ErrorCode.Exit}
     */
    public static int run(Surroundings surroundings, Stop stop, String... arguments) {
        try {
            return new CommandLineShell(surroundings, List.of(arguments)).execute(stop);
        } finally {
            stop.finished();
        }
    }

    private int execute(Stop stop) {
        CommandLine line = new CommandLine(root);
        line.addSubcommand(new UpCommand(root, surroundings, stop))
                .addSubcommand(new InitCommand(root, surroundings))
                .addSubcommand(new CheckCommand(root, surroundings))
                .addSubcommand(new UpdateCommand(root, surroundings, stop))
                .addSubcommand(new DeployCommand(root, surroundings, stop))
                .addSubcommand(new ExportCommand(root, surroundings))
                .addSubcommand(new StatusCommand(root, surroundings))
                .addSubcommand(new RunsCommand(root, surroundings))
                .addSubcommand(new GraphCommand(root, surroundings))
                .addSubcommand(new QuarantineCommand(root, surroundings))
                .addSubcommand(new InboxCommand(root, surroundings))
                .addSubcommand(new VerifyCommand(root, surroundings))
                .addSubcommand(new DoctorCommand(root, surroundings));
        TableCommand tables = new TableCommand(root, surroundings);
        line.addSubcommand(tables)
                .getSubcommands()
                .get("table")
                .addSubcommand(new TableReadCommand(tables))
                .addSubcommand(new TableDescribeCommand(tables))
                .addSubcommand(new TableHistoryCommand(tables))
                .addSubcommand(new TableChangesCommand(tables))
                .addSubcommand(new TableOptimizeCommand(tables))
                .addSubcommand(new TableVacuumCommand(tables));
        OdooCommand odoo = new OdooCommand(root, surroundings);
        line.addSubcommand(odoo).getSubcommands().get("odoo").addSubcommand(new OdooFieldsCommand(odoo));
        offerVersion(line);
        register(line);
        // A format is called table, too.
        line.setAllowSubcommandsAsOptionParameters(true)
                .setOut(new PrintWriter(surroundings.out(), true, UTF_8))
                .setErr(new PrintWriter(surroundings.err(), true, UTF_8))
                .setParameterExceptionHandler((refused, args) -> refuse(usage(refused)))
                .setExecutionStrategy(this::run)
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure));
        return line.execute(arguments.toArray(String[]::new));
    }

    /** Every command says Tarn's version; where --version is the version of a table, -V alone does. */
    private static void offerVersion(CommandLine line) {
        CommandSpec command = line.getCommandSpec();
        String[] names =
                command.findOption("--version") == null ? new String[] {"-V", "--version"} : new String[] {"-V"};
        command.addOption(OptionSpec.builder(names)
                .versionHelp(true)
                .type(boolean.class)
                .description("Show the version and exit.")
                .build());
        line.getSubcommands().values().forEach(CommandLineShell::offerVersion);
    }

    private int run(ParseResult parsed) {
        CommandLine last =
                parsed.asCommandLineList().get(parsed.asCommandLineList().size() - 1);
        try {
            root.checkFormat(last.getCommand());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(last, "Invalid value for option '--format': " + e.getMessage());
        }
        return new RunLast().execute(parsed);
    }

    private static void register(CommandLine line) {
        line.registerConverter(SecretRef.class, text -> convert(text, SecretRef::new))
                .registerConverter(LakeStorage.Kind.class, text -> convert(text, LakeOptions::kind))
                .registerConverter(Size.class, text -> convert(text, Size::of))
                .registerConverter(Moment.class, text -> convert(text, Moment::of))
                .registerConverter(ZoneId.class, text -> convert(text, CommandLineShell::zone))
                .registerConverter(RunsCommand.TimeSpan.class, text -> convert(text, RunsCommand.TimeSpan::of));
    }

    /** Only zones with a name: DuckDB knows no others. */
    private static ZoneId zone(String text) {
        if (!ZoneId.getAvailableZoneIds().contains(text)) {
            throw new IllegalArgumentException("there is no time zone " + text + "; one is Asia/Manila, another UTC");
        }
        return ZoneId.of(text);
    }

    private static <T> T convert(String text, Function<String, T> reader) {
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    private int failed(Exception failure) {
        Console console = new Console(surroundings, Format.wishedBy(arguments));
        if (failure instanceof TarnException refusal) {
            if (root.stacktrace()) {
                failure.printStackTrace(surroundings.err());
            }
            return refuse(refusal.problems());
        }
        RuntimeException mistake =
                failure instanceof RuntimeException runtime ? runtime : new IllegalStateException(failure);
        console.mistake("tarn", mistake, root.stacktrace());
        return ErrorCode.Exit.FAILED;
    }

    private int refuse(List<Problem> problems) {
        new Console(surroundings, Format.wishedBy(arguments)).problems(problems);
        return problems.get(0).code().exitCode();
    }

    private static List<Problem> usage(ParameterException refused) {
        CommandSpec command = refused.getCommandLine().getCommandSpec();
        String help = "See " + command.qualifiedName() + " --help.";
        if (refused instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().get(0);
            String name = word.startsWith("-") && word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
            return List.of(new Problem(
                    ErrorCode.USAGE,
                    null,
                    (name.startsWith("-") ? "Unknown option " : "Unknown command or argument ") + name + " of "
                            + command.qualifiedName() + ".",
                    Nearest.sentence(name, names(command), help)));
        }
        String message = refused.getMessage();
        return List.of(new Problem(ErrorCode.USAGE, null, message.endsWith(".") ? message : message + ".", help));
    }

    private static List<String> names(CommandSpec command) {
        List<String> names = new ArrayList<>(command.subcommands().keySet());
        command.optionsMap().forEach((name, option) -> {
            if (!option.hidden()) {
                names.add(name);
            }
        });
        return names;
    }
}
