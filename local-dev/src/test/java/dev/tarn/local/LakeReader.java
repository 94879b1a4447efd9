package dev.tarn.local;

import dev.tarn.engine.delta.DataFile;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.local.run.OpenLake;
import dev.tarn.model.Plan;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads a lake from outside the process that runs it. */
public final class LakeReader implements AutoCloseable {

    private final Lake lake;

    private LakeReader(Lake lake) {
        this.lake = lake;
    }

    public static LakeReader open(Path root) {
        return new LakeReader(
                OpenLake.existing(new LocalStorage(root), Clock.systemUTC()).orElseThrow());
    }

    /** Rows of a query over one table, which it calls {@code t}; cells divided by |. */
    public List<String> rows(String table, String sql) {
        TableSnapshot snapshot = lake.table(TableName.parse(table)).snapshot().orElseThrow();
        try (Session session = lake.duckDb().session()) {
            session.view("t", "SELECT * FROM " + snapshot.scan(session));
            return session.query(sql, row -> {
                List<String> cells = new ArrayList<>();
                for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
                    cells.add(row.getString(column));
                }
                return String.join("|", cells);
            });
        }
    }

    /**
     * The rows of every table of the plan, in any order, as their number and the sum of their hashes. When a row was
     * extracted does not count.
     */
    public Map<String, String> fingerprints() throws IOException {
        Map<String, String> fingerprints = new TreeMap<>();
        for (String table : versions().keySet()) {
            TableSnapshot snapshot =
                    lake.table(TableName.parse(table)).snapshot().orElseThrow();
            String columns = Sql.identifiers(snapshot.schema().names().stream()
                    .filter(name -> !name.equals("_extracted_at") && !name.equals("seen_at"))
                    .toList());
            fingerprints.put(
                    table,
                    rows(table, "SELECT count(*), sum(hash(r)::HUGEINT) FROM (SELECT " + columns + " FROM t) r")
                            .get(0));
        }
        return fingerprints;
    }

    /** Files that a table refers to and that are not there. */
    public List<String> missingFiles() throws IOException {
        List<String> missing = new ArrayList<>();
        for (String table : versions().keySet()) {
            for (DataFile file :
                    lake.table(TableName.parse(table)).snapshot().orElseThrow().files()) {
                if (lake.storage().find(file.path()).isEmpty()) {
                    missing.add(file.path());
                }
            }
        }
        return missing;
    }

    /** Newest version of every table of the plan. */
    public Map<String, Long> versions() throws IOException {
        Plan plan = new PlanStore(lake.storage()).current().orElseThrow();
        Map<String, Long> versions = new TreeMap<>();
        plan.sources().forEach(source -> source.tables().forEach(table -> put(versions, table.target())));
        plan.flows().forEach(flow -> put(versions, flow.target()));
        return versions;
    }

    private void put(Map<String, Long> versions, TableName table) {
        lake.table(table).snapshot().ifPresent(snapshot -> versions.put(table.toString(), snapshot.version()));
    }

    @Override
    public void close() {
        lake.close();
    }
}
