package dev.tarn.local.cli;

import dev.tarn.connect.status.Durations;
import dev.tarn.connect.status.LakeStatus;
import dev.tarn.connect.status.StatusJson;
import dev.tarn.connect.status.StatusReader;
import dev.tarn.connect.status.TableStatus;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code tarn status}: how every table stands. */
@Command(name = "status", description = "Show how old every table is, and what failed or waits.")
final class StatusCommand implements Callable<Integer> {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private final RootCommand options;
    private final Surroundings surroundings;

    @Mixin
    private LakeOptions lakeOptions = new LakeOptions();

    StatusCommand(RootCommand options, Surroundings surroundings) {
        this.options = options;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        try (LakeOfPlace place = LakeOfPlace.open(Place.find(options, surroundings, lakeOptions), surroundings)) {
            LakeStatus status = new StatusReader(place.lake(), place.plan()).status();
            Console console = new Console(surroundings, options.format());
            if (console.isJson()) {
                console.json(StatusJson.of(status));
            } else {
                print(console, status);
            }
        }
        return 0;
    }

    private static void print(Console console, LakeStatus status) {
        TextTable table = new TextTable("table", "version", "newest", "lag", "state");
        for (TableStatus row : status.tables()) {
            table.add(
                    row.name(),
                    row.version().isPresent() ? Long.toString(row.version().getAsLong()) : "",
                    row.newest()
                            .map(time -> TIME.format(time.atZone(status.timezone())))
                            .orElse(""),
                    row.lag(status.at()).map(Durations::coarse).orElse(""),
                    row.state().toString());
        }
        table.lines().forEach(console::line);
        status.aboutEvents().ifPresent(console::line);
        List<TableStatus.State.Failed> failed = status.tables().stream()
                .map(TableStatus::state)
                .filter(TableStatus.State.Failed.class::isInstance)
                .map(TableStatus.State.Failed.class::cast)
                .distinct()
                .toList();
        for (TableStatus.State.Failed failure : failed) {
            console.line(failure.code() + "  " + failure.what());
            console.line("    " + failure.mend());
            console.line(
                    "    Next: " + (failure.update() == null ? "tarn doctor" : "tarn runs show " + failure.update()));
        }
    }
}
