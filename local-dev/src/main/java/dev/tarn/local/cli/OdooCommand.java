package dev.tarn.local.cli;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.connect.bronze.Extracted;
import dev.tarn.connect.extract.Extraction;
import dev.tarn.connect.extract.SourceGrants;
import dev.tarn.connect.odoo.api.ApiGrants;
import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.local.project.Secrets;
import dev.tarn.local.run.SourceAddress;
import dev.tarn.local.run.SourceRun;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Plan;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code tarn odoo}: sources that tables are read from, of Odoo or any PostgreSQL. */
@Command(
        name = "odoo",
        description = "Look after a source: an Odoo or any PostgreSQL.",
        synopsisSubcommandLabel = "COMMAND")
final class OdooCommand extends CommandGroup {

    private static final String DEFAULT_USER = "tarn_reader";

    @Option(
            names = "--source",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "Name of the source. Default: the only one.")
    private @Nullable String source;

    OdooCommand(RootCommand options, Surroundings surroundings) {
        super(options, surroundings);
    }

    OpenedSource open(String command) {
        return OpenedSource.open(options, surroundings, lakeOptions, Optional.ofNullable(source), command);
    }

    Console console() {
        return new Console(surroundings, options.format());
    }

    @Command(
            name = "grants",
            description =
                    "Print the rights that a read-only user needs: SQL for psql, or of an API a CSV file for Odoo's access"
                            + " rights. Connects to nothing.")
    int grants(
            @Option(
                            names = "--user",
                            paramLabel = "NAME",
                            description = "The user. Default: the one of the source, or " + DEFAULT_USER + ".")
                    @Nullable
                    String user) {
        Plan plan = ProjectPlan.of(options, surroundings, lakeOptions);
        TableSource chosen = OpenedSource.choose(plan, Optional.ofNullable(source), "tarn odoo grants");
        if (chosen.connection() instanceof SourceConnection.OdooApi api) {
            return grants(chosen, user == null ? api.user() : user);
        }
        Place place = Place.find(options, surroundings, lakeOptions);
        Optional<PostgresUrl> url = SourceAddress.find(
                chosen,
                Secrets.of(surroundings.environment(), OpenedSource.project(place, surroundings)),
                place.root());
        String reader = user == null ? url.map(PostgresUrl::user).orElse(DEFAULT_USER) : user;
        List<String> statements = SourceGrants.statements(chosen, url.map(PostgresUrl::database), reader);
        Console console = console();
        if (console.isJson()) {
            ObjectNode document = Console.object().put("source", chosen.name()).put("user", reader);
            statements.stream().filter(line -> !line.startsWith("--")).forEach(document.putArray("statements")::add);
            console.json(document);
        } else {
            statements.forEach(console::line);
        }
        return 0;
    }

    /** The lines alone go to standard output, so that they can be kept in a file. */
    private int grants(TableSource chosen, String user) {
        Console console = console();
        if (console.isJson()) {
            ObjectNode document = Console.object()
                    .put("source", chosen.name())
                    .put("user", user)
                    .put("group", ApiGrants.GROUP);
            ApiGrants.models(chosen).forEach(document.putArray("models")::add);
            console.json(document);
        } else {
            ApiGrants.instructions(chosen, user).forEach(console::errorLine);
            ApiGrants.accessLines(chosen).forEach(console::line);
        }
        return 0;
    }

    /** Which tables, and how many deletes are meant. */
    static final class ReadOptions {
        @Option(names = "--table", paramLabel = "TABLE", description = "Only this table; may be given several times.")
        private List<String> tables = new ArrayList<>();

        @Option(
                names = "--accept-deletes",
                paramLabel = "N",
                description = "So many rows of a table may be gone from the source. Default: the source's stop_above.")
        private @Nullable Long accepted;

        private OptionalLong accepted(String command) {
            if (accepted != null && accepted < 0) {
                throw new TarnException(
                        ErrorCode.USAGE,
                        "--accept-deletes takes 0 or more, not " + accepted + ".",
                        "See " + command + " --help.");
            }
            return accepted == null ? OptionalLong.empty() : OptionalLong.of(accepted);
        }
    }

    @Command(
            name = "resync",
            description =
                    "Read tables once more, whatever database they came from before, land what differs, and go on from"
                            + " there: after the database was restored or moved.")
    int resync(@Mixin ReadOptions read) {
        OptionalLong accepted = read.accepted("tarn odoo resync");
        try (OpenedSource opened = open("tarn odoo resync")) {
            return run(opened, opened.tables(read.tables), accepted, true);
        }
    }

    @Command(
            name = "reconcile",
            description = "Look at tables now and compare their keys: rows that are gone from the source are deleted.")
    int reconcile(@Mixin ReadOptions read) {
        OptionalLong accepted = read.accepted("tarn odoo reconcile");
        try (OpenedSource opened = open("tarn odoo reconcile")) {
            return run(opened, opened.tables(read.tables), accepted, false);
        }
    }

    int run(OpenedSource opened, List<TableSource.Table> tables, OptionalLong accepted, boolean resync) {
        Extraction extraction = opened.extraction();
        SourceRun.Ended ended;
        try (Progress progress = new Progress(surroundings)) {
            ended = progress.during("read " + opened.source().name(), () -> new SourceRun(opened.lake(), opened.root())
                    .run(
                            tables,
                            () -> resync
                                    ? resync(opened, extraction, tables, accepted)
                                    : extraction.reconcile(tables, accepted)));
        }
        return LandedReport.print(console(), ended);
    }

    /** What was never read has nothing to differ from: it is loaded. */
    private static List<Extracted> resync(
            OpenedSource opened, Extraction extraction, List<TableSource.Table> tables, OptionalLong accepted) {
        Map<Boolean, List<TableSource.Table>> known = tables.stream()
                .collect(Collectors.partitioningBy(
                        table -> opened.lake().table(table.target()).snapshot().isPresent()));
        List<Extracted> read = new ArrayList<>(extraction.resync(requireNonNull(known.get(true)), accepted));
        read.addAll(extraction.reconcile(requireNonNull(known.get(false)), accepted));
        return read;
    }
}
