package dev.tarn.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.connect.Finding;
import dev.tarn.connect.extract.SourceExamination;
import dev.tarn.connect.odoo.api.ApiExamination;
import dev.tarn.connect.odoo.api.Patience;
import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.connect.postgres.SinkExamination;
import dev.tarn.local.project.Secrets;
import dev.tarn.local.run.CompiledProject;
import dev.tarn.local.run.SourceAddress;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tarn doctor}: tries every connection and right that the project needs. */
@Command(
        name = "doctor",
        description =
                "Try every connection and right that the project needs, and say what is missing. Changes nothing.")
final class DoctorCommand implements Callable<Integer> {

    private static final int LEVEL_WIDTH = 6;

    private final RootCommand options;
    private final Surroundings surroundings;
    private final List<Line> lines = new ArrayList<>();

    @Mixin
    private LakeOptions lakeOptions = new LakeOptions();

    /** A finding, and what it is about. */
    private record Line(String what, Finding finding) {}

    DoctorCommand(RootCommand options, Surroundings surroundings) {
        this.options = options;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Place place = Place.find(options, surroundings, lakeOptions);
        Path project = OpenedSource.project(place, surroundings);
        String target = CompiledProject.target(project, options.target()).name();
        Secrets secrets = Secrets.of(surroundings.environment(), project);
        try (LakeOfPlace lake = storage(place);
                Progress progress = new Progress(surroundings)) {
            plan(project, target, lake).ifPresent(plan -> {
                boolean demo = isDemo(plan, secrets);
                for (TableSource source : plan.sources()) {
                    add(source.name(), progress, () -> source(source, secrets, place, target, demo));
                }
                for (PostgresSink sink : plan.postgresSinks()) {
                    add(sink.name(), progress, () -> sink(sink, plan, secrets, target, demo));
                }
            });
        }
        print();
        return lines.stream().anyMatch(line -> line.finding().level() == Finding.Level.FAIL)
                ? ErrorCode.Exit.FAILED
                : 0;
    }

    private void add(String what, Progress progress, Supplier<List<Finding>> examination) {
        progress.during("try " + what, examination).forEach(finding -> lines.add(new Line(what, finding)));
    }

    private @Nullable LakeOfPlace storage(Place place) {
        try {
            Optional<LakeOfPlace> lake = LakeOfPlace.find(place, surroundings);
            Finding finding = lake.isPresent()
                    ? Finding.ok(lake.get().lake().storage().toString())
                    : Finding.warn("there is no lake in " + place.root() + " yet", "tarn up makes it.");
            lines.add(new Line("storage", isWritable(place.root()) ? finding : notWritable(place.root())));
            return lake.orElse(null);
        } catch (TarnException refusal) {
            refusal.problems().forEach(problem -> lines.add(new Line("storage", Finding.fail(problem))));
            return null;
        }
    }

    private static boolean isWritable(Path root) {
        Path existing = root.toAbsolutePath();
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return Files.isDirectory(existing) && Files.isWritable(existing);
    }

    private static Finding notWritable(Path root) {
        return new Finding(
                Finding.Level.FAIL,
                "LAKE_NOT_WRITABLE  The lake at " + root + " cannot be written.",
                "Choose another place with --root, or give this user the right to create folders and files there.");
    }

    private Optional<Plan> plan(Path project, String target, @Nullable LakeOfPlace lake) {
        try {
            return Optional.of(CompiledProject.compile(project, target, lake == null ? null : lake.lake()));
        } catch (TarnException refusal) {
            refusal.problems()
                    .forEach(problem -> lines.add(new Line(
                            "project",
                            new Finding(
                                    Finding.Level.FAIL,
                                    (problem.position() == null ? "" : problem.position() + "  ") + problem.code()
                                            + "  " + problem.what(),
                                    problem.mend()))));
            return Optional.empty();
        }
    }

    /** As in tarn up: without any secret the demo databases play all of them. */
    private static boolean isDemo(Plan plan, Secrets secrets) {
        return plan.sources().stream()
                        .allMatch(source ->
                                secrets.find(source.connection().secret()).isEmpty())
                && plan.postgresSinks().stream()
                        .allMatch(sink -> secrets.find(sink.connection()).isEmpty());
    }

    private List<Finding> source(TableSource source, Secrets secrets, Place place, String target, boolean demo) {
        SecretRef secret = source.connection().secret();
        if (source.connection() instanceof SourceConnection.OdooApi api) {
            // There is no demo of an API.
            return secrets.find(secret).isEmpty()
                    ? List.of(missing(secret, source.position(), target, false))
                    : tried(() -> new ApiExamination(SourceAddress.access(
                                    source, api, secrets, target, Patience.once(surroundings.clock())))
                            .run());
        }
        return tried(() -> {
            Optional<PostgresUrl> url = SourceAddress.find(source, secrets, place.root());
            return url.isPresent()
                    ? new SourceExamination(source, url.get()).run()
                    : List.of(missing(secret, source.position(), target, demo));
        });
    }

    private static List<Finding> sink(PostgresSink sink, Plan plan, Secrets secrets, String target, boolean demo) {
        return tried(() -> {
            Optional<String> value = secrets.find(sink.connection());
            return value.isPresent()
                    ? new SinkExamination(
                                    sink,
                                    PostgresUrl.parse(sink.connection(), value.get()),
                                    table -> plan.flows().stream()
                                            .filter(flow -> flow.target().equals(table))
                                            .map(Flow::schema)
                                            .findFirst())
                            .run()
                    : List.of(missing(sink.connection(), sink.position(), target, demo));
        });
    }

    private static List<Finding> tried(Supplier<List<Finding>> examination) {
        try {
            return examination.get();
        } catch (TarnException refusal) {
            return refusal.problems().stream().map(Finding::fail).toList();
        }
    }

    private static Finding missing(SecretRef secret, SourcePosition position, String target, boolean demo) {
        return demo
                ? Finding.warn(
                        secret + " is not set for target " + target + ", so tarn up plays it with a demo database",
                        "Set " + secret.environmentVariable() + " for your own.")
                : Finding.fail(Secrets.missing(secret, position, target));
    }

    private void print() {
        Console console = new Console(surroundings, options.format());
        if (console.isJson()) {
            console.json(json());
            return;
        }
        int width = lines.stream().mapToInt(line -> line.what().length()).max().orElse(0);
        for (Line line : lines) {
            String level = word(line.finding());
            String indent = " " + level + " ".repeat(LEVEL_WIDTH - level.length()) + line.what()
                    + " ".repeat(width - line.what().length() + 2);
            console.line(indent + line.finding().text());
            if (!line.finding().mend().isEmpty()) {
                console.line(
                        " ".repeat(indent.length()) + "-> " + line.finding().mend());
            }
        }
    }

    private static String word(Finding finding) {
        return finding.level() == Finding.Level.FAIL
                ? "FAIL"
                : finding.level().name().toLowerCase(Locale.ROOT);
    }

    private ObjectNode json() {
        ObjectNode document = Console.object();
        ArrayNode findings = document.putArray("findings");
        for (Line line : lines) {
            findings.addObject()
                    .put("level", word(line.finding()))
                    .put("what", line.what())
                    .put("text", line.finding().text())
                    .put("mend", line.finding().mend());
        }
        return document;
    }
}
