package dev.tarn.local.cli;

import dev.tarn.model.Sql;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which events are meant. */
final class EventOptions {

    @Option(names = "--from", paramLabel = "MOMENT", description = "Received then or later.")
    private @Nullable Moment from;

    @Option(names = "--to", paramLabel = "MOMENT", description = "Received before.")
    private @Nullable Moment to;

    @Option(names = "--id", paramLabel = "ID", description = "Of that id.")
    private @Nullable String id;

    /** A condition of DuckDB; moments without a zone are of {@code timezone}. */
    String condition(ZoneId timezone) {
        List<String> conditions = new ArrayList<>(List.of("TRUE"));
        if (from != null) {
            conditions.add("received_at >= " + Sql.literal(from.in(timezone).toString()) + "::TIMESTAMPTZ");
        }
        if (to != null) {
            conditions.add("received_at < " + Sql.literal(to.in(timezone).toString()) + "::TIMESTAMPTZ");
        }
        if (id != null) {
            conditions.add("event_id = " + Sql.literal(id));
        }
        return String.join(" AND ", conditions);
    }
}
