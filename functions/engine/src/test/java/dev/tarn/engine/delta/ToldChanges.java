package dev.tarn.engine.delta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.engine.duckdb.Session;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a commit of a table with a feed of changes tells of its rows, compared with what the model says of them. */
final class ToldChanges {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final DeltaTables tables;
    private final DeltaTable table;
    private final Session session;
    private final TableSnapshot after;
    private final List<LiveFile> changeFiles = new ArrayList<>();
    private final Set<String> added = new HashSet<>();
    private final Set<String> removed = new HashSet<>();

    ToldChanges(DeltaTables tables, DeltaTable table, Session session, TableSnapshot after) throws IOException {
        this.tables = tables;
        this.table = table;
        this.session = session;
        this.after = after;
        String commit = new String(tables.storage().read(table.log().path(after.version())), UTF_8);
        for (String line : commit.lines().toList()) {
            JsonNode action = JSON.readTree(line);
            if (action.has("cdc")) {
                changeFiles.add(changeFile(action.get("cdc")));
            }
            note(action.path("add"), added);
            note(action.path("remove"), removed);
        }
    }

    private static void note(JsonNode action, Set<String> paths) {
        if (action.path("dataChange").asBoolean()) {
            paths.add(action.get("path").asText());
        }
    }

    private LiveFile changeFile(JsonNode action) {
        Map<String, @Nullable String> partition = new HashMap<>();
        action.get("partitionValues")
                .properties()
                .forEach(value -> partition.put(
                        value.getKey(),
                        value.getValue().isNull() ? null : value.getValue().asText()));
        String path = table.location().path() + "/" + action.get("path").asText();
        return new LiveFile(new DataFile(path, action.get("size").longValue(), 0), partition, null);
    }

    /** @param merge that was committed; null when the commit was something else */
    void assertAreRight(ModelTable before, ModelTable now, @Nullable ModelMerge merge, String run) {
        List<String> told = told(now);
        if (merge != null) {
            assertThat(told).as("changes, " + run).isEqualTo(expected(before, now, merge));
        }
        List<String> left = new ArrayList<>(now.texts(before.rows()));
        List<String> come = new ArrayList<>();
        for (String change : told) {
            String row = change.substring(change.indexOf(':') + 1);
            if (change.startsWith("insert:") || change.startsWith("update_postimage:")) {
                come.add(row);
            } else {
                assertThat(left.remove(row))
                        .as("told to go and not there: " + change + ", " + run)
                        .isTrue();
            }
        }
        left.addAll(come);
        assertThat(left).as("changes, " + run).containsExactlyInAnyOrderElementsOf(now.texts());
    }

    private static List<String> expected(ModelTable before, ModelTable now, ModelMerge merge) {
        ModelMerge.Changes changes =
                new ModelMerge.Changes(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        merge.apply(before.copy(), changes);
        List<String> expected = new ArrayList<>();
        now.texts(changes.inserted()).forEach(row -> expected.add("insert:" + row));
        now.texts(changes.before()).forEach(row -> expected.add("update_preimage:" + row));
        now.texts(changes.after()).forEach(row -> expected.add("update_postimage:" + row));
        now.texts(changes.deleted()).forEach(row -> expected.add("delete:" + row));
        return expected.stream().sorted().toList();
    }

    private List<String> told(ModelTable model) {
        if (!changeFiles.isEmpty()) {
            return read(model, changeFiles, true);
        }
        // Readers then take what is added and removed for what changed: a file with another vector would mislead them.
        assertThat(Collections.disjoint(added, removed)).isTrue();
        List<String> told = new ArrayList<>();
        read(model, files(after, added), false).forEach(row -> told.add("insert:" + row));
        if (!removed.isEmpty()) {
            read(model, files(table.snapshotAt(after.version() - 1), removed), false)
                    .forEach(row -> told.add("delete:" + row));
        }
        return told.stream().sorted().toList();
    }

    private List<LiveFile> files(TableSnapshot snapshot, Set<String> paths) {
        LiveFiles live = new LiveFiles(table.location(), tables);
        List<LiveFile> files = new ArrayList<>();
        snapshot.forEachFile(file -> {
            if (paths.contains(file.getPath())) {
                files.add(live.of(file));
            }
        });
        return files;
    }

    private List<String> read(ModelTable model, List<LiveFile> files, boolean withType) {
        StructType schema = after.kernel().getSchema();
        if (withType) {
            schema = schema.add(ChangeRows.CHANGE_TYPE, StringType.STRING);
        }
        StructType all = schema;
        String from = new ScanSql(
                        table.location(), after.version(), tables, session, schema, new HashSet<>(after.partitionBy()))
                .over(files, () -> Set.copyOf(all.fieldNames()));
        return model.texts(session, from, withType ? ChangeRows.CHANGE_TYPE + " || ':'" : "''");
    }
}
