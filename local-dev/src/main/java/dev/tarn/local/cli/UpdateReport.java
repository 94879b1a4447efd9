package dev.tarn.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.connect.status.Durations;
import dev.tarn.engine.event.ExpectationCount;
import dev.tarn.engine.event.MergedRows;
import dev.tarn.engine.event.UpdateRecord;
import dev.tarn.engine.event.UpdateStats;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One update as {@code tarn runs} tells of it. */
record UpdateReport(UpdateRecord update) {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    String started(ZoneId timezone) {
        return TIME.format(update.started().atZone(timezone));
    }

    String kind() {
        return words(update.kind());
    }

    String took() {
        return Durations.seconds(update.stats().took());
    }

    String state() {
        UpdateRecord.Failure failure = update.failure();
        return failure == null ? "ok" : "FAILED  " + failure.code();
    }

    /** Rows that are in the table because of the update: none of one that failed, whatever came out of its query. */
    long kept() {
        return update.completed() ? update.stats().rowsWritten() : 0;
    }

    /** All there is to tell, for people. */
    List<String> lines(ZoneId timezone) {
        UpdateStats stats = update.stats();
        List<String> lines = new ArrayList<>();
        lines.add("update   " + update.id());
        lines.add("flow     " + update.flow() + " (" + kind() + ")");
        lines.add("table    " + update.table() + version());
        lines.add("started  " + started(timezone) + ", took " + took());
        lines.add("rows     " + stats.rowsRead() + " read, " + changed() + ", " + stats.rowsDropped() + " dropped");
        if (stats.bytesWritten() > 0) {
            lines.add("written  " + Size.text(stats.bytesWritten()) + " of files");
        }
        if (stats.bytesFetched() > 0) {
            lines.add("fetched  " + Size.text(stats.bytesFetched()) + " of the lake's files");
        }
        for (ExpectationCount rule : stats.expectations()) {
            lines.add("expect   " + rule.name() + of(rule) + ": " + rule.passed() + " passed, " + rule.failed()
                    + " failed (" + words(rule.onViolation()) + ")");
        }
        lines.add("state    " + state());
        UpdateRecord.Failure failure = update.failure();
        if (failure != null) {
            lines.add("         " + failure.what());
            lines.add("         " + failure.mend());
        }
        return lines;
    }

    private String version() {
        if (update.version() != null) {
            return ", version " + update.version();
        }
        if (update.kind() == UpdateRecord.Kind.PUBLISH) {
            return ", of version " + update.baseVersion();
        }
        return update.baseVersion() < 0 ? ", not made" : ", still version " + update.baseVersion();
    }

    private String changed() {
        MergedRows merged = update.stats().merged();
        return merged == null || !update.completed()
                ? kept() + " written"
                : merged.upserted() + " upserted, " + merged.deleted() + " deleted";
    }

    /** Where the rule is not one of the table itself. */
    private String of(ExpectationCount rule) {
        return rule.dataset().equals(update.table().toString()) ? "" : " of " + rule.dataset();
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** All there is to tell, for programs. */
    ObjectNode json() {
        UpdateStats stats = update.stats();
        ObjectNode node = Console.object()
                .put("update", update.id().toString())
                .put("started", update.started().toString())
                .put("what", kind())
                .put("flow", update.flow())
                .put("table", update.table().toString())
                .put("version", update.version())
                .put("status", update.completed() ? "COMPLETED" : "FAILED")
                .put("rowsIn", stats.rowsRead())
                .put("kept", kept())
                .put("dropped", stats.rowsDropped());
        MergedRows merged = stats.merged();
        if (merged != null && update.completed()) {
            node.put("upserted", merged.upserted()).put("deleted", merged.deleted());
        }
        node.put("bytesWritten", stats.bytesWritten())
                .put("bytesFetched", stats.bytesFetched())
                .put("seconds", stats.took().toNanos() / 1e9);
        ArrayNode rules = node.putArray("expectations");
        for (ExpectationCount rule : stats.expectations()) {
            rules.addObject()
                    .put("name", rule.name())
                    .put("dataset", rule.dataset())
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
}
