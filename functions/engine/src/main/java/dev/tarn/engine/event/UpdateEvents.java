package dev.tarn.engine.event;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.event.Event.Level;
import dev.tarn.engine.event.Event.Type;
import dev.tarn.model.Expectation;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** What Lakeflow's event log tells of one update, from its creation to its end. */
final class UpdateEvents {

    /** Numbers of the events of an update, in their order; those of definitions are between the first two. */
    private static final int CREATED = 0;

    static final int FLOW_DEFINED = 1;
    static final int DATASET_DEFINED = 2;
    private static final int RUNNING = 3;
    private static final int PLANNED = 4;
    private static final int FLOW_RUNNING = 5;
    private static final int FLOW_ENDED = 6;
    private static final int ENDED = 7;

    private final UpdateRecord update;

    UpdateEvents(UpdateRecord update) {
        this.update = update;
    }

    /** The events in their order. The one whose id is the update's holds the whole record. */
    List<Event> all() {
        List<Event> events = new ArrayList<>();
        events.add(event(
                CREATED,
                Type.CREATE_UPDATE,
                Level.INFO,
                "Update " + update.id() + " of " + update.flow() + " was created.",
                creation()));
        events.add(progress(RUNNING, "RUNNING"));
        if (!update.recomputedFrom().isEmpty()) {
            events.add(event(
                    PLANNED,
                    Type.PLANNING_INFORMATION,
                    Level.INFO,
                    "Flow '" + update.flow() + "' has been planned to be executed as COMPLETE_RECOMPUTE.",
                    planning()));
        }
        events.add(event(
                FLOW_RUNNING,
                Type.FLOW_PROGRESS,
                Level.INFO,
                "Flow '" + update.flow() + "' is RUNNING.",
                Event.object().put("status", "RUNNING")));
        events.add(flowEnded());
        events.add(progress(ENDED, endState()));
        return events;
    }

    private Event event(int number, Type type, Level level, String message, ObjectNode says) {
        ObjectNode details = Event.object();
        details.set(type.toString(), says);
        Instant time = number < FLOW_ENDED ? update.started() : ended();
        return new Event(Event.id(update.id(), number), type, number, time, level, message, details, null);
    }

    /** After its start, whatever the clock says: by these times people find out which event was the last. */
    private Instant ended() {
        Instant told = update.started().plus(update.stats().took());
        Instant earliest = update.started().truncatedTo(ChronoUnit.MICROS).plus(1, ChronoUnit.MICROS);
        return told.isBefore(earliest) ? earliest : told;
    }

    private ObjectNode creation() {
        return Event.object()
                .put("update_id", update.id().toString())
                .put("creation_time", update.started().toEpochMilli())
                .put("validate_only", false)
                .put("explore_only", false);
    }

    private Event progress(int number, String state) {
        return event(
                number,
                Type.UPDATE_PROGRESS,
                state.equals("FAILED") ? Level.ERROR : Level.INFO,
                "Update " + update.id() + " is " + state + ".",
                Event.object().put("state", state));
    }

    private String endState() {
        return update.completed() ? "COMPLETED" : "FAILED";
    }

    private ObjectNode planning() {
        ObjectNode planning = Event.object();
        planning.putArray("technique_information")
                .addObject()
                .put("maintenance_type", "MAINTENANCE_TYPE_COMPLETE_RECOMPUTE")
                .put("is_chosen", true)
                .put("is_applicable", true);
        ArrayNode sources = planning.putArray("source_table_information");
        for (SourceRead source : update.recomputedFrom()) {
            sources.addObject()
                    .put("table_name", source.table().toString())
                    .put("table_id", source.tableId())
                    .put("full_size", source.bytes())
                    .put("num_rows", source.rows())
                    .put("num_files", source.files());
        }
        planning.putObject("target_table_information")
                .put("table_name", update.table().toString());
        return planning;
    }

    private Event flowEnded() {
        ObjectNode details = Event.object();
        ObjectNode flow = details.putObject(Type.FLOW_PROGRESS.toString()).put("status", endState());
        flow.set("metrics", metrics());
        flow.set("data_quality", quality());
        details.set("tarn", UpdateRecordJson.tree(update));
        return new Event(
                update.id().toString(),
                Type.FLOW_PROGRESS,
                FLOW_ENDED,
                ended(),
                level(),
                message(),
                details,
                update.failure());
    }

    /** As in Lakeflow, a merge has no number of output rows: a row may take the place of another one. */
    private ObjectNode metrics() {
        UpdateStats stats = update.stats();
        MergedRows merged = stats.merged();
        ObjectNode metrics = Event.object();
        if (!update.completed()) {
            // Whatever came out of the query, nothing of it is in the table.
            return metrics;
        }
        if (merged == null) {
            metrics.put("num_output_rows", stats.rowsWritten());
        } else {
            metrics.put("num_upserted_rows", merged.upserted()).put("num_deleted_rows", merged.deleted());
        }
        return metrics.put("num_output_bytes", stats.bytesWritten());
    }

    private ObjectNode quality() {
        ObjectNode quality =
                Event.object().put("dropped_records", update.stats().rowsDropped());
        for (ExpectationCount count : update.stats().expectations()) {
            quality.withArray("expectations")
                    .addObject()
                    .put("name", count.name())
                    .put("dataset", count.dataset())
                    .put("passed_records", count.passed())
                    .put("failed_records", count.failed());
        }
        return quality;
    }

    private String message() {
        UpdateRecord.Failure failure = update.failure();
        if (failure != null) {
            return update.flow() + " failed: " + failure.what();
        }
        UpdateStats stats = update.stats();
        MergedRows merged = stats.merged();
        String rows = merged == null
                ? stats.rowsWritten() + " rows written, "
                : merged.upserted() + " rows upserted, " + merged.deleted() + " deleted, ";
        return update.flow() + ": " + rows + stats.rowsDropped() + " dropped";
    }

    private Level level() {
        if (!update.completed()) {
            return Level.ERROR;
        }
        boolean warned = update.stats().expectations().stream()
                .anyMatch(count -> count.onViolation() == Expectation.OnViolation.WARN && count.failed() > 0);
        return warned || update.stats().rowsDropped() > 0 ? Level.WARN : Level.INFO;
    }
}
