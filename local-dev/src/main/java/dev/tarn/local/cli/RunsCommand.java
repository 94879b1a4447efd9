package dev.tarn.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.event.ExpectationCount;
import dev.tarn.engine.event.UpdateRecord;
import dev.tarn.local.page.Durations;
import dev.tarn.local.page.StatusReader;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn runs}: the updates that the event log tells of. */
@Command(name = "runs", description = "Show what ran: updates, rows, drops, seconds, failures.")
final class RunsCommand implements Callable<Integer> {

    private static final int MOST = 10_000;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private final RootCommand options;
    private final Surroundings surroundings;

    @Mixin
    private LakeOptions lakeOptions = new LakeOptions();

    @Option(names = "--since", paramLabel = "TIME", description = "Only the last 30m, 12h, 1d ... Default: 1d.")
    private TimeSpan since = TimeSpan.of("1d");

    @Option(names = "--failed", description = "Only updates that failed.")
    private boolean failed;

    RunsCommand(RootCommand options, Surroundings surroundings) {
        this.options = options;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        try (LakeOfPlace place = LakeOfPlace.open(Place.find(options, surroundings, lakeOptions), surroundings)) {
            Instant from = surroundings.clock().instant().minus(since.duration());
            List<UpdateRecord> updates = new EventLog(place.lake())
                    .recent(MOST).stream()
                            .filter(update -> !update.started().isBefore(from))
                            .filter(update -> !failed || !update.completed())
                            .toList();
            Console console = new Console(surroundings, options.format());
            if (console.isJson()) {
                updates.forEach(update -> console.json(asJson(update)));
            } else {
                print(console, updates, place.plan().timezone());
            }
        }
        return 0;
    }

    private static void print(Console console, List<UpdateRecord> updates, ZoneId timezone) {
        TextTable table =
                new TextTable("update", "started", "what", "table", "rows in", "kept", "dropped", "took", "state");
        for (UpdateRecord update : updates) {
            table.add(
                    StatusReader.shortId(update.id()),
                    TIME.format(update.started().atZone(timezone)),
                    kind(update),
                    update.table().toString(),
                    Long.toString(update.stats().rowsRead()),
                    Long.toString(update.stats().rowsWritten()),
                    update.stats().rowsDropped() == 0
                            ? ""
                            : Long.toString(update.stats().rowsDropped()),
                    Durations.seconds(update.stats().took()),
                    state(update));
        }
        table.lines().forEach(console::line);
    }

    private static String kind(UpdateRecord update) {
        return update.kind().name().toLowerCase(Locale.ROOT);
    }

    private static String state(UpdateRecord update) {
        return update.failure() == null ? "ok" : "FAILED  " + update.failure().code();
    }

    private static ObjectNode asJson(UpdateRecord update) {
        ObjectNode node = Console.object()
                .put("update", update.id().toString())
                .put("started", update.started().toString())
                .put("what", kind(update))
                .put("flow", update.flow())
                .put("table", update.table().toString())
                .put("rowsIn", update.stats().rowsRead())
                .put("kept", update.stats().rowsWritten())
                .put("dropped", update.stats().rowsDropped())
                .put("bytesFetched", update.stats().bytesFetched())
                .put("seconds", update.stats().took().toNanos() / 1e9);
        ArrayNode rules = node.putArray("expectations");
        for (ExpectationCount rule : update.stats().expectations()) {
            rules.addObject()
                    .put("name", rule.name())
                    .put("onViolation", rule.onViolation().name())
                    .put("passed", rule.passed())
                    .put("failed", rule.failed());
        }
        UpdateRecord.Failure failure = update.failure();
        if (failure != null) {
            node.putObject("failure")
                    .put("code", failure.code().name())
                    .put("what", failure.what())
                    .put("mend", failure.mend());
        }
        return node;
    }

    @Command(name = "show", description = "Show one update.")
    int show(@Parameters(paramLabel = "ID", description = "Its id, or the beginning or end of it.") String id) {
        try (LakeOfPlace place = LakeOfPlace.open(Place.find(options, surroundings, lakeOptions), surroundings)) {
            UpdateRecord update = find(new EventLog(place.lake()).recent(MOST), id);
            Console console = new Console(surroundings, options.format());
            if (console.isJson()) {
                console.json(asJson(update));
            } else {
                print(console, update, place.plan().timezone());
            }
        }
        return 0;
    }

    private static UpdateRecord find(List<UpdateRecord> updates, String id) {
        List<UpdateRecord> found = updates.stream()
                .filter(update -> update.id().toString().startsWith(id)
                        || update.id().toString().endsWith(id))
                .toList();
        if (found.size() != 1) {
            throw new TarnException(
                    ErrorCode.USAGE,
                    (found.isEmpty() ? "No update" : found.size() + " updates")
                            + " of this lake has an id that begins or ends with " + id + ".",
                    "See the ids with tarn runs; --since 30d looks further back.");
        }
        return found.get(0);
    }

    private static void print(Console console, UpdateRecord update, ZoneId timezone) {
        console.line("update   " + update.id());
        console.line("flow     " + update.flow() + " (" + kind(update) + ")");
        console.line("table    " + update.table());
        console.line("started  " + TIME.format(update.started().atZone(timezone)) + ", took "
                + Durations.seconds(update.stats().took()));
        console.line("rows     " + update.stats().rowsRead() + " in, "
                + update.stats().rowsWritten() + " kept, " + update.stats().rowsDropped() + " dropped");
        if (update.stats().bytesFetched() > 0) {
            console.line("fetched  " + Size.text(update.stats().bytesFetched()) + " of the lake's files");
        }
        for (ExpectationCount rule : update.stats().expectations()) {
            console.line("expect   " + rule.name() + ": " + rule.passed() + " passed, " + rule.failed() + " failed ("
                    + rule.onViolation().name().toLowerCase(Locale.ROOT).replace('_', ' ') + ")");
        }
        console.line("state    " + state(update));
        UpdateRecord.Failure failure = update.failure();
        if (failure != null) {
            console.line("         " + failure.what());
            console.line("         " + failure.mend());
        }
    }

    /** A span of time as people write it: {@code 30m}, {@code 12h}, {@code 1d}. */
    record TimeSpan(Duration duration) {

        /** Reads the span. Throws {@link IllegalArgumentException} when the text is none. */
        static TimeSpan of(String text) {
            if (!text.matches("[1-9][0-9]{0,5}[smhd]")) {
                throw new IllegalArgumentException("a time is a number and s, m, h or d, for example 12h");
            }
            long number = Long.parseLong(text.substring(0, text.length() - 1));
            return new TimeSpan(
                    switch (text.charAt(text.length() - 1)) {
                        case 's' -> Duration.ofSeconds(number);
                        case 'm' -> Duration.ofMinutes(number);
                        case 'h' -> Duration.ofHours(number);
                        default -> Duration.ofDays(number);
                    });
        }
    }
}
