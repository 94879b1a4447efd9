package dev.tarn.local.cli;

import dev.tarn.connect.status.StatusReader;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.event.UpdateRecord;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn runs}: the updates that the event log tells of. */
@Command(name = "runs", description = "Show what ran: updates, rows, drops, seconds, failures.")
final class RunsCommand implements Callable<Integer> {

    private static final int MOST = 10_000;

    /** Of updates that an id may mean. */
    private static final int SHOWN = 3;

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
                updates.forEach(update -> console.json(new UpdateReport(update).json()));
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
            UpdateReport report = new UpdateReport(update);
            table.add(
                    StatusReader.shortId(update.id()),
                    report.started(timezone),
                    report.kind(),
                    update.table().toString(),
                    Long.toString(update.stats().rowsRead()),
                    Long.toString(report.kept()),
                    update.stats().rowsDropped() == 0
                            ? ""
                            : Long.toString(update.stats().rowsDropped()),
                    report.took(),
                    report.state());
        }
        table.lines().forEach(console::line);
    }

    @Command(name = "show", description = "Show one update.")
    int show(@Parameters(paramLabel = "ID", description = "Its id, or the beginning or end of it.") String id) {
        try (LakeOfPlace place = LakeOfPlace.open(Place.find(options, surroundings, lakeOptions), surroundings)) {
            UpdateRecord update = find(new EventLog(place.lake()).recent(MOST), id);
            Console console = new Console(surroundings, options.format());
            UpdateReport report = new UpdateReport(update);
            if (console.isJson()) {
                console.json(report.json());
            } else {
                report.lines(place.plan().timezone()).forEach(console::line);
            }
        }
        return 0;
    }

    private static UpdateRecord find(List<UpdateRecord> updates, String id) {
        List<UpdateRecord> found = updates.stream()
                .filter(update -> update.id().toString().startsWith(id)
                        || update.id().toString().endsWith(id))
                .toList();
        if (found.isEmpty()) {
            throw new TarnException(
                    ErrorCode.USAGE,
                    "No update of this lake has an id that begins or ends with " + id + ".",
                    "See the ids with tarn runs; --since 30d looks further back.");
        }
        if (found.size() > 1) {
            throw new TarnException(
                    ErrorCode.USAGE,
                    "The ids of " + found.size() + " updates of this lake begin or end with " + id + ".",
                    "Give more of one of them: "
                            + found.stream()
                                    .limit(SHOWN)
                                    .map(update -> update.id().toString())
                                    .collect(Collectors.joining(", "))
                            + (found.size() > SHOWN ? " ..." : "."));
        }
        return found.get(0);
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
