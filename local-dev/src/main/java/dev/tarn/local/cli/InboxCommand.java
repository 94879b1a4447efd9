package dev.tarn.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.connect.inbox.ConflictReplay;
import dev.tarn.connect.inbox.Drain;
import dev.tarn.connect.inbox.Repeats;
import dev.tarn.connect.inbox.UnreadableFiles;
import dev.tarn.connect.inbox.UnreadableFiles.Unreadable;
import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Nearest;
import dev.tarn.model.Plan;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.WebhookSource;
import dev.tarn.model.WebhookSource.Endpoint;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn inbox}: events that are sent to the lake. */
@Command(
        name = "inbox",
        description = "Look at events that are sent to the lake, and bring conflicts into their table.",
        synopsisSubcommandLabel = "COMMAND")
final class InboxCommand extends CommandGroup {

    InboxCommand(RootCommand options, Surroundings surroundings) {
        super(options, surroundings);
    }

    /** An endpoint and its source. */
    private record Found(WebhookSource source, Endpoint endpoint) {}

    @Command(
            name = "list",
            description =
                    "Show what waits in each inbox, how many events and conflicts there are, and what cannot be read.")
    int list() {
        Console console = new Console(surroundings, options.format());
        TextTable text = new TextTable("endpoint", "waiting files", "oldest", "events", "conflicts", "unreadable");
        List<Unreadable> unreadable = new ArrayList<>();
        List<Found> endpoints;
        try (LakeOfPlace place = open()) {
            Plan plan = place.plan();
            endpoints = endpoints(plan);
            for (Found found : endpoints) {
                Endpoint endpoint = found.endpoint();
                Drain.Waiting waiting = drain(place, plan, found).waiting();
                long events = rows(place, endpoint.target());
                long conflicts = rows(place, Endpoint.conflictsOf(endpoint.target()));
                List<Unreadable> aside = aside(place, endpoint).all();
                unreadable.addAll(aside);
                if (console.isJson()) {
                    console.json(Console.object()
                            .put("endpoint", endpoint.name())
                            .put("table", endpoint.target().toString())
                            .put("waiting_files", waiting.files())
                            .put("waiting_bytes", waiting.bytes())
                            .put(
                                    "oldest",
                                    waiting.oldest() == null
                                            ? null
                                            : waiting.oldest().toString())
                            .put("events", events)
                            .put("conflicts", conflicts)
                            .set("unreadable", json(aside)));
                }
                text.add(
                        endpoint.name(),
                        Integer.toString(waiting.files()),
                        Objects.toString(waiting.oldest(), "-"),
                        Long.toString(events),
                        Long.toString(conflicts),
                        Integer.toString(aside.size()));
            }
        }
        if (endpoints.isEmpty() && !console.isJson()) {
            console.line("The project has no endpoint.");
        } else if (!console.isJson()) {
            text.lines().forEach(console::line);
            unreadable.forEach(file -> console.line(file.path() + ": " + file.reason()));
        }
        return 0;
    }

    @Command(name = "repeats", description = "Show who sends events more than once.")
    int repeats() {
        Console console = new Console(surroundings, options.format());
        TextTable text = new TextTable("endpoint", "sender", "events", "repeats", "within", "last", "example");
        boolean any = false;
        try (LakeOfPlace place = open()) {
            for (Found found : endpoints(place.plan())) {
                String endpoint = found.endpoint().name();
                Repeats repeats = new Repeats(place.lake(), found.source().name(), found.endpoint());
                for (Repeats.BySender sender : repeats.bySender()) {
                    any = true;
                    if (console.isJson()) {
                        console.json(json(endpoint, sender));
                    }
                    text.add(
                            endpoint,
                            sender.sender().isEmpty() ? "-" : RowTable.visible(sender.sender()),
                            Long.toString(sender.events()),
                            Long.toString(sender.repeats()),
                            sender.within().toSeconds() + " s",
                            sender.last().truncatedTo(ChronoUnit.SECONDS).toString(),
                            RowTable.visible(sender.example()));
                }
            }
        }
        if (!any && !console.isJson()) {
            console.line("No event came more than once.");
        } else if (!console.isJson()) {
            text.lines().forEach(console::line);
        }
        return 0;
    }

    private static ObjectNode json(String endpoint, Repeats.BySender sender) {
        return Console.object()
                .put("endpoint", endpoint)
                .put("sender", sender.sender())
                .put("events", sender.events())
                .put("repeats", sender.repeats())
                .put("within_seconds", sender.within().toMillis() / 1_000.0)
                .put("last", sender.last().toString())
                .put("example", sender.example());
    }

    private static ArrayNode json(List<Unreadable> files) {
        ArrayNode json = Console.object().arrayNode();
        files.forEach(file -> json.add(Console.object()
                .put("path", file.path())
                .put("reason", file.reason())
                .put("since", file.since().toString())));
        return json;
    }

    private static UnreadableFiles aside(LakeOfPlace place, Endpoint endpoint) {
        return new UnreadableFiles(place.lake().storage(), endpoint.name());
    }

    private static long rows(LakeOfPlace place, TableName table) {
        return place.lake()
                .table(table)
                .snapshot()
                .map(TableSnapshot::numRecords)
                .orElse(0L);
    }

    private static Drain drain(LakeOfPlace place, Plan plan, Found found) {
        return new Drain(place.lake(), found.source(), found.endpoint(), plan.timezone(), Pause.real());
    }

    @Command(name = "show", description = "Show events of an endpoint, as tarn table read does.")
    int show(
            @Parameters(paramLabel = "ENDPOINT", description = "Name of the endpoint.") String name,
            @Option(names = "--conflicts", description = "Those with the id of another event and other content.")
                    boolean conflicts,
            @Mixin EventOptions which,
            @Mixin RowOptions rows) {
        TableName table;
        String condition;
        try (LakeOfPlace place = open()) {
            Plan plan = place.plan();
            TableName target = endpoint(plan, name).endpoint().target();
            table = conflicts ? Endpoint.conflictsOf(target) : target;
            condition = which.condition(plan.timezone());
        }
        rows.show(
                options.format(),
                surroundings,
                () -> OpenedTable.open(table.toString(), options, lakeOptions, surroundings),
                OpenedTable::timezone,
                (opened, session) -> {
                    TableSnapshot snapshot = opened.table().snapshot().orElseThrow();
                    return new TableRows(
                            snapshot.table().toString(),
                            session,
                            snapshot.schema(),
                            read -> snapshot.scan(session, read),
                            new TableRows.Wanted(
                                    SelectedColumn.all(snapshot.schema()),
                                    condition,
                                    List.of("received_at"),
                                    rows.limit()));
                });
        return 0;
    }

    @Command(
            name = "replay",
            description =
                    "Bring conflicts into the table of their endpoint, each once, under an id of its own; or files"
                            + " that could not be read, once they can.")
    int replay(
            @Option(
                            names = {"--endpoint", "--source"},
                            paramLabel = "ENDPOINT",
                            required = true,
                            description = "Name of the endpoint.")
                    String name,
            @Option(names = "--unreadable", description = "Files that could not be read and were mended.")
                    boolean unreadable,
            @Mixin EventOptions which) {
        try (LakeOfPlace place = open()) {
            Plan plan = place.plan();
            Found found = endpoint(plan, name);
            return unreadable ? replayFiles(place, plan, found) : replayConflicts(place, plan, found, which);
        }
    }

    private int replayConflicts(LakeOfPlace place, Plan plan, Found found, EventOptions which) {
        int events = new ConflictReplay(place.lake(), found.endpoint()).run(which.condition(plan.timezone()));
        drain(place, plan, found).run(Duration.ZERO, () -> false, drained -> {});
        Console console = new Console(surroundings, options.format());
        if (console.isJson()) {
            console.json(
                    Console.object().put("endpoint", found.endpoint().name()).put("events", events));
        } else {
            console.line(events == 1 ? "1 conflict was replayed." : events + " conflicts were replayed.");
        }
        return 0;
    }

    private int replayFiles(LakeOfPlace place, Plan plan, Found found) {
        UnreadableFiles aside = aside(place, found.endpoint());
        int files = aside.putBack().back();
        drain(place, plan, found).run(Duration.ZERO, () -> false, drained -> {});
        List<Unreadable> left = aside.all();
        Console console = new Console(surroundings, options.format());
        if (console.isJson()) {
            console.json(Console.object()
                    .put("endpoint", found.endpoint().name())
                    .put("files", files)
                    .set("unreadable", json(left)));
        } else {
            console.line(files == 1 ? "1 file was put back." : files + " files were put back.");
            left.forEach(file -> console.line(file.path() + ": " + file.reason()));
        }
        return 0;
    }

    private LakeOfPlace open() {
        return LakeOfPlace.open(Place.find(options, surroundings, lakeOptions), surroundings);
    }

    private static List<Found> endpoints(Plan plan) {
        List<Found> endpoints = new ArrayList<>();
        plan.webhooks()
                .forEach(source -> source.endpoints().forEach(endpoint -> endpoints.add(new Found(source, endpoint))));
        return endpoints;
    }

    private static Found endpoint(Plan plan, String name) {
        List<Found> endpoints = endpoints(plan);
        return endpoints.stream()
                .filter(found -> found.endpoint().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.WEBHOOK_UNKNOWN,
                        "The project that runs on the lake has no endpoint " + name + ".",
                        Nearest.sentence(
                                name,
                                endpoints.stream()
                                        .map(found -> found.endpoint().name())
                                        .toList(),
                                "See those that there are with tarn inbox list.")));
    }
}
