package dev.tarn.connect.inbox;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.TableName;
import dev.tarn.model.WebhookSource;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * What became of events that lay in an inbox.
 *
 * @param table of the endpoint
 * @param events that are new in the table
 * @param repeats of events that the table had, or that came more than once
 * @param conflicts new ones: events with the id of another and other content
 * @param unreadable files that were put aside
 * @param version of the table that has the events; empty when none was new
 */
public record Drained(
        TableName table,
        long events,
        long repeats,
        long conflicts,
        int unreadable,
        OptionalLong version,
        Duration took) {

    public Drained {
        requireNonNull(table, "table");
        requireNonNull(version, "version");
        requireNonNull(took, "took");
    }

    Drained andUnreadable(int files) {
        return new Drained(table, events, repeats, conflicts, files, version, took);
    }

    /** A sentence on it. */
    public String sentence() {
        String into = version.isPresent() ? " into version " + version.getAsLong() + " of " + table : " into " + table;
        return events + " events" + into + " in " + took.toMillis() + " ms"
                + (repeats == 0 ? "" : ", " + repeats + " repeats left out")
                + (conflicts == 0
                        ? ""
                        : ", " + conflicts + " with the id of another event and other content kept in "
                                + WebhookSource.Endpoint.conflictsOf(table))
                + (unreadable == 0
                        ? ""
                        : ", " + unreadable + (unreadable == 1 ? " file" : " files")
                                + " that cannot be read put aside, see tarn inbox list");
    }
}
