package dev.tarn.engine.flow;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.engine.delta.DataFile;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.event.UpdateRecord;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Looks at a lake's files themselves. */
record LakeAudit(FlowLake lake) {

    private static final int ALL = 10_000;
    private static final Pattern UPDATE = Pattern.compile("\"txnId\":\"([^\"]+)\"");

    private Storage storage() {
        return lake.lake.storage();
    }

    /** Files that the table refers to and that are not there, or not as they should be. */
    List<String> missingFiles(TableName table) throws IOException {
        List<String> missing = new ArrayList<>();
        for (DataFile file : lake.snapshot(table).files()) {
            if (storage()
                    .find(file.path())
                    .filter(found -> found.size() == file.size())
                    .isEmpty()) {
                missing.add(file.path());
            }
        }
        return missing;
    }

    /** Version of the source up to which the table has seen it. */
    long progress(TableName table, TableName source) {
        return lake.snapshot(table)
                .progress(table.toString())
                .flatMap(progress -> progress.source(source.toString()))
                .orElseThrow()
                .version();
    }

    /** Ids of the updates that committed to the table, in the order of their commits. */
    List<String> commits(TableName table) throws IOException {
        List<String> ids = new ArrayList<>();
        for (long version = 1; version <= lake.snapshot(table).version(); version++) {
            byte[] commit = storage().read(table.path() + "/_delta_log/%020d.json".formatted(version));
            Matcher update = UPDATE.matcher(new String(commit, UTF_8));
            ids.add(update.find() ? update.group(1) : "version " + version + " of nobody");
        }
        return ids;
    }

    /** Ids of the updates of the table that are told to have committed, in the order of their commits. */
    List<String> told(TableName table) {
        return new EventLog(lake.lake)
                .recent(ALL).stream()
                        .filter(update -> update.table().equals(table) && update.completed() && update.commits())
                        .sorted((a, b) -> Long.compare(version(a), version(b)))
                        .map(update -> update.id().toString())
                        .toList();
    }

    private long version(UpdateRecord update) {
        return lake.snapshot(update.table())
                .versionOfUpdate(update.id(), update.baseVersion())
                .orElse(-1);
    }

    Stream<String> records() {
        return new EventLog(lake.lake).recent(ALL).stream().map(update -> update.flow() + " " + update.baseVersion());
    }
}
