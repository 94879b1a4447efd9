package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.Fault;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.InjectedFaultException;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Work that ends at a point, is looked at, done again by somebody else, and looked at again. */
public final class CrashMatrix {

    private static final List<String> FOLDERS = List.of("", "/_delta_log", "/_change_data");

    private final DuckDb duckDb;
    private final CrashScenario scenario;
    private final List<ModelTable> versions;
    private final Map<String, byte[]> prepared = new TreeMap<>();
    private final List<CrashPoint> points = new ArrayList<>();

    /** What somebody else has to say of a lake when all is done. */
    public interface Look {
        void at(Path lake, ModelTable expected) throws Exception;
    }

    /** A way to end at a point; false when that did not happen within the work. */
    interface End {
        boolean at(CrashPoint point, Storage storage) throws Exception;
    }

    /** @param rehearsal a new lake, on which the work is done once to see which calls it makes */
    CrashMatrix(DuckDb duckDb, CrashScenario scenario, Storage rehearsal) throws IOException {
        this.duckDb = duckDb;
        this.scenario = scenario;
        versions = scenario.versions();
        scenario.prepare(rehearsal, duckDb);
        for (StoredFile file : files(rehearsal)) {
            prepared.put(file.path(), rehearsal.read(file.path()));
        }
        Map<String, Integer> times = new HashMap<>();
        FaultyStorage watched = new FaultyStorage(rehearsal, call -> {
            int nth = times.merge(call.toString(), 1, Integer::sum) - 1;
            for (Fault.Moment moment : Fault.Moment.values()) {
                points.add(new CrashPoint(call.toString(), nth, moment));
            }
            return Optional.empty();
        });
        scenario.work(watched, duckDb);
        check(rehearsal, true, "rehearsal of " + scenario);
    }

    private static List<StoredFile> files(Storage lake) throws IOException {
        List<StoredFile> files = new ArrayList<>();
        for (String folder : FOLDERS) {
            files.addAll(lake.list(CrashScenario.TABLE.path() + folder, ""));
        }
        return files;
    }

    /** Takes the table out of the lake, so that another one can be put there. */
    static void clear(Storage lake) throws IOException {
        for (StoredFile file : files(lake)) {
            lake.delete(file.path());
        }
    }

    /** All points of the work. */
    List<CrashPoint> points() {
        return List.copyOf(points);
    }

    /** Whether the work ended there; then all else was right. */
    boolean ends(CrashPoint point, Storage lake, End end) throws Exception {
        String where = scenario + " " + point;
        for (Map.Entry<String, byte[]> file : prepared.entrySet()) {
            lake.put(file.getKey(), file.getValue());
        }
        if (!end.at(point, lake)) {
            return false;
        }
        check(lake, false, "after " + where);
        scenario.work(lake, duckDb);
        check(lake, true, "done again after " + where);
        return true;
    }

    /**
     * All kinds of work, each failing before and after every change of the lake and done again.
     *
     * @param folder for the lakes
     * @return at how many points work failed
     */
    public static int failingChanges(Path folder, Look look) throws Exception {
        int failed = 0;
        int lakes = 0;
        try (DuckDb duckDb = Race.duckDb(folder.resolve("workspace"))) {
            for (CrashScenario scenario : CrashScenario.all()) {
                Path rehearsal = folder.resolve("lake" + ++lakes);
                CrashMatrix matrix = new CrashMatrix(duckDb, scenario, new LocalStorage(rehearsal));
                for (CrashPoint point : matrix.points()) {
                    Path lake = folder.resolve("lake" + ++lakes);
                    if (point.isChange() && matrix.ends(point, new LocalStorage(lake), matrix::fails)) {
                        failed++;
                        look.at(lake.resolve(CrashScenario.TABLE.path()), matrix.expected());
                    }
                }
            }
        }
        return failed;
    }

    /** What the table holds when the work is done. */
    ModelTable expected() {
        return versions.get(versions.size() - 1);
    }

    /** By an exception from the storage, which the work may survive. */
    boolean fails(CrashPoint point, Storage lake) {
        FaultyStorage faulty = point.on(lake, Fault.Fail::new);
        try {
            scenario.work(faulty, duckDb);
        } catch (RuntimeException e) {
            assertThat(e).as(scenario + " " + point).hasRootCauseInstanceOf(InjectedFaultException.class);
        }
        return !faulty.injected().isEmpty();
    }

    private void check(Storage lake, boolean done, String where) throws IOException {
        DeltaTable table = new DeltaTables(lake, duckDb, Clock.systemUTC()).table(CrashScenario.TABLE);
        Optional<TableSnapshot> newest = table.snapshot();
        long least = versions.size() - (done ? 1 : 2);
        long version = newest.map(TableSnapshot::version).orElse(-1L);
        assertThat(version).as(where).isBetween(least, versions.size() - 1L);
        try (Session session = duckDb.session()) {
            for (int old = 0; old <= version; old++) {
                TableSnapshot snapshot = old == version ? newest.orElseThrow() : table.snapshotAt(old);
                for (DataFile file : snapshot.files()) {
                    assertThat(lake.find(file.path()).map(StoredFile::size))
                            .as(where)
                            .hasValue(file.size());
                }
                // Older versions were read when the work had just ended: their files are never written again.
                if (!done || old == version) {
                    assertRows(session, snapshot, versions.get(old), "version " + old + " " + where);
                }
            }
        }
        if (done && scenario.operation() != null) {
            assertProgress(newest.orElseThrow(), where);
        }
    }

    private static void assertRows(Session session, TableSnapshot snapshot, ModelTable model, String where) {
        assertThat(ModelTable.columnsOf(snapshot)).as(where).isEqualTo(model.columns());
        assertThat(model.texts(session, snapshot.scan(session))).as(where).isEqualTo(model.texts());
    }

    private static void assertProgress(TableSnapshot snapshot, String where) {
        assertThat(snapshot.updateNumber(CrashScenario.FLOW)).as(where).hasValue(CrashScenario.NUMBER);
        assertThat(snapshot.progress(CrashScenario.FLOW).orElseThrow().sources())
                .as(where)
                .containsExactly(SourceProgress.ofCursor("odoo", "at " + CrashScenario.NUMBER));
    }
}
