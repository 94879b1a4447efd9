package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.Fault;
import dev.tarn.engine.storage.Faults;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.ForwardingStorage;
import dev.tarn.engine.storage.StorageCall.Operation;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.TarnException;
import dev.tarn.model.UpdateId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VacuumTest extends DeltaFixture {

    private static final String ROWS = "SELECT range::BIGINT AS id, 'row ' || range AS text FROM range(100)";
    private static final WritePolicy VECTORS = new WritePolicy(0, 1, 0.2, new Retries(20, Pause.real()));
    private static final Map<String, String> NOTHING_KEPT =
            Map.of("delta.deletedFileRetentionDuration", "interval 0 seconds");

    private void createTable(Map<String, String> properties) {
        table.create(new TableDefinition(session.describe(ROWS), List.of(), "", properties));
    }

    /** Does it as it would have been done so many days before. */
    private void daysAgo(int days, Runnable work) throws IOException {
        Duration time = Duration.ofDays(days);
        tables = new DeltaTables(storage, duckDb, Clock.offset(Clock.systemUTC(), time.negated()), VECTORS);
        table = tables.table(NAME);
        work.run();
        for (Path file : filesBelow(place())) {
            Instant modified = Files.getLastModifiedTime(file).toInstant();
            if (modified.isAfter(Instant.now().minus(Duration.ofHours(1)))) {
                Files.setLastModifiedTime(file, FileTime.from(modified.minus(time)));
            }
        }
        tables = new DeltaTables(storage, duckDb, Clock.systemUTC(), VECTORS);
        table = tables.table(NAME);
    }

    private Path place() {
        return folder.resolve("lake").resolve(NAME.path());
    }

    private static List<Path> filesBelow(Path place) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private void replaceBy(int number) {
        commit((own, base) -> table.replace(own, base, "SELECT id + " + number + " AS id, text FROM (" + ROWS + ")"));
    }

    private void delete(String condition) {
        commit((own, base) -> table.delete(own, base, RowFilter.matching(condition)));
    }

    /** In a session of its own, which holds nothing afterwards. */
    private void commit(BiFunction<Session, TableSnapshot, TableChange> plan) {
        try (Session own = duckDb.session()) {
            table.run(CommitRequest.ofWork(newUpdate(), "WRITE", Map.of()), base -> plan.apply(own, base));
        }
    }

    private void addRows() {
        commit((own, base) -> table.append(own, base, ROWS));
    }

    private static UpdateId newUpdate() {
        return request("by hand", 0).update();
    }

    private String onlyFile() {
        String path = newest().files().get(0).path();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private List<String> names(String below, String prefix) throws IOException {
        return storage.list(NAME.path() + below, "").stream()
                .map(StoredFile::name)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    @Test
    void filesGoWhenTheTimeOfTheLastVersionThatNeedsThemIsOver() throws Exception {
        daysAgo(20, () -> createTable(Map.of()));
        daysAgo(19, () -> replaceBy(0));
        String first = onlyFile();
        daysAgo(10, () -> replaceBy(1000));
        daysAgo(3, () -> replaceBy(2000));
        List<StoredFile> log = storage.list(NAME.path() + "/_delta_log", "");
        long bytes = Files.size(place().resolve(first));

        VacuumReport dry = table.vacuum(new VacuumRequest(null, true));
        assertThat(dry).isEqualTo(new VacuumReport(List.of(first), bytes, 0, true));
        assertThat(names("", "part")).hasSize(3);

        assertThat(table.vacuum(VacuumRequest.usual())).isEqualTo(new VacuumReport(List.of(first), bytes, 0, false));

        assertThat(names("", "part")).hasSize(2).doesNotContain(first);
        assertThat(storage.list(NAME.path() + "/_delta_log", "")).isEqualTo(log);
        for (long version = 2; version <= 3; version++) {
            assertThat(rows(table.snapshotAt(version).scan(session))).hasSize(100);
        }
        assertThat(table.vacuum(VacuumRequest.usual()).files()).isEmpty();
    }

    @Test
    void deletionVectorsAndChangesStayAsLongAsTheFilesTheyBelongTo() throws Exception {
        daysAgo(
                20,
                () -> createTable(Map.of("delta.enableDeletionVectors", "true", "delta.enableChangeDataFeed", "true")));
        daysAgo(20, () -> addRows());
        daysAgo(10, () -> delete("id = 1"));
        daysAgo(9, () -> delete("id = 2"));
        List<String> before = names("", "deletion_vector");
        daysAgo(1, () -> delete("id = 3"));
        assertThat(names("", "deletion_vector")).hasSize(3);
        assertThat(names("/_change_data", "cdc")).hasSize(3);

        List<String> deleted = table.vacuum(VacuumRequest.usual()).files();

        assertThat(deleted)
                .hasSize(3)
                .filteredOn(name -> name.startsWith("_change_data/cdc"))
                .hasSize(2);
        assertThat(deleted)
                .filteredOn(name -> name.startsWith("deletion_vector"))
                .hasSize(1)
                .isSubsetOf(before);
        assertThat(rows(table.snapshotAt(3).scan(session))).hasSize(98);
        assertThat(rows(newest().scan(session))).hasSize(97);
    }

    @Test
    void whatIsNoPartOfTheTableGoesWhenItIsOldAndIsNotHidden() throws Exception {
        createTable(Map.of());
        addRows();
        daysAgo(8, () -> {
            put("part-lost.parquet");
            put("deletion_vector_lost.bin");
            put("_change_data/cdc-lost.parquet");
            put("_SUCCESS");
            put(".part.crc");
            put("_change_data/.cdc.crc");
            put("_delta_log/00000000000000000099.json.tmp");
        });
        put("part-young.parquet");

        assertThat(table.vacuum(VacuumRequest.usual()).files())
                .containsExactlyInAnyOrder(
                        "part-lost.parquet", "deletion_vector_lost.bin", "_change_data/cdc-lost.parquet");
    }

    private void put(String path) {
        try {
            storage.put(NAME.path() + "/" + path, new byte[] {1});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void filesOfOtherWritersAreKnownByTheirEncodedAndAbsolutePaths() throws Exception {
        daysAgo(20, () -> createTable(Map.of()));
        daysAgo(20, () -> addRows());
        daysAgo(8, () -> {
            put("p=a b%c/live.parquet");
            put("p=a b%c/gone.parquet");
            put("q=1/gone.parquet");
            put("kept.parquet");
        });
        daysAgo(
                8,
                () -> putCommit(
                        2,
                        add("p=a%20b%25c/live.parquet"),
                        add("file:///elsewhere/lake/silver/invoice/kept.parquet"),
                        add("q=1/gone.parquet")));
        daysAgo(
                8,
                () -> putCommit(
                        3, "{\"remove\":{\"path\":\"q=1/gone.parquet\",\"deletionTimestamp\":1,\"dataChange\":true}}"));

        assertThat(table.vacuum(VacuumRequest.usual()).files())
                .containsExactlyInAnyOrder("p=a b%c/gone.parquet", "q=1/gone.parquet");
    }

    private static String add(String path) {
        return "{\"add\":{\"path\":\"" + path + "\",\"partitionValues\":{},\"size\":1,\"modificationTime\":1,"
                + "\"dataChange\":true}}";
    }

    private void putCommit(long version, String... actions) {
        try {
            storage.put(
                    NAME.path() + String.format("/_delta_log/%020d.json", version),
                    String.join("\n", actions).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void removedFilesAreKnownFromCheckpointsAndFromCommits() throws Exception {
        daysAgo(20, () -> createTable(Map.of("delta.checkpointInterval", "1")));
        daysAgo(20, () -> replaceBy(0));
        String first = onlyFile();
        daysAgo(3, () -> replaceBy(1000));
        String second = onlyFile();
        daysAgo(2, () -> replaceBy(2000));
        daysAgo(1, () -> addRows());

        assertThat(table.vacuum(VacuumRequest.usual()).files()).isEmpty();
        assertThat(names("", "part")).contains(first, second);
    }

    @Test
    void aRetentionThatIsShorterThanTheTablesIsRefused() {
        createTable(Map.of());

        assertThatThrownBy(() -> table.vacuum(new VacuumRequest(Duration.ofHours(1), true)))
                .isInstanceOf(TarnException.class)
                .hasMessage("RETENTION_TOO_SHORT  silver.invoice keeps deleted files for 168 hours"
                        + " (delta.deletedFileRetentionDuration), for queries, streams and writers that are behind;"
                        + " a vacuum that keeps them for 1 hours would break these.\n    Vacuum it without saying how"
                        + " long, or let Spark change what it promises: ALTER TABLE ... SET TBLPROPERTIES"
                        + " ('delta.deletedFileRetentionDuration' = 'interval 1 hours').");
    }

    @Test
    void aTableThatIsNotThereIsRefused() {
        assertThatThrownBy(() -> table.vacuum(VacuumRequest.usual()))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "TABLE_NOT_FOUND  silver.invoice does not exist.\n    Correct its name, or let the flow that"
                                + " fills it run once.");
    }

    @Test
    void aTableWithAFeatureThatIsNotWrittenIsRefused() {
        createTable(Map.of("delta.enableRowTracking", "true"));

        assertThatThrownBy(() -> table.vacuum(VacuumRequest.usual()))
                .isInstanceOf(TarnException.class)
                .hasMessageStartingWith("TABLE_FEATURE_UNSUPPORTED  silver.invoice uses Delta's feature rowTracking.");
    }

    @Test
    void whereTheClocksDifferNothingIsDeleted() throws Exception {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        createTable(Map.of());
        addRows();
        setTime(now.plusSeconds(360));
        tables = new DeltaTables(storage, duckDb, Clock.fixed(now, ZoneOffset.UTC));
        table = tables.table(NAME);
        String mend = "\n    Set the clock of this machine, or of the one that wrote last, and vacuum again.";

        assertThatThrownBy(() -> table.vacuum(VacuumRequest.usual()))
                .isInstanceOf(TarnException.class)
                .hasMessage("CLOCK_SKEWED  The newest commit of silver.invoice is of " + now.plusSeconds(360)
                        + ", and by this machine's clock it is " + now + ": how old its files are cannot be told."
                        + mend);

        setTime(now.plusSeconds(240));
        assertThat(table.vacuum(VacuumRequest.usual()).files()).isEmpty();

        put("part-new.parquet");
        Files.setLastModifiedTime(place().resolve("part-new.parquet"), FileTime.from(now.plusSeconds(301)));
        assertThatThrownBy(() -> table.vacuum(VacuumRequest.usual()))
                .isInstanceOf(TarnException.class)
                .hasMessage("CLOCK_SKEWED  The newest file of silver.invoice is of " + now.plusSeconds(301)
                        + ", and by this machine's clock it is " + now + ": how old its files are cannot be told."
                        + mend);
    }

    private void setTime(Instant time) throws IOException {
        for (Path file : filesBelow(place())) {
            Files.setLastModifiedTime(file, FileTime.from(time));
        }
    }

    @Test
    void aVersionThatASessionScansStaysReadableForItsLife() throws Exception {
        createTable(NOTHING_KEPT);
        addRows();
        String first = onlyFile();
        try (Session reader = duckDb.session()) {
            String scan = newest().scan(reader);
            replaceBy(1000);

            assertThat(vacuumByAnother()).isEqualTo(new VacuumReport(List.of(), 0, 1, false));
            assertThat(reader.query("SELECT min(id) FROM " + scan, row -> row.getLong(1)))
                    .containsExactly(0L);
        }
        assertThat(vacuumByAnother().files()).containsExactly(first);
    }

    /** Who shares nothing with the writer but the process and the lake. */
    private VacuumReport vacuumByAnother() {
        return new DeltaTables(storage, duckDb, Clock.offset(Clock.systemUTC(), Duration.ofSeconds(1)))
                .table(NAME)
                .vacuum(VacuumRequest.usual());
    }

    @Test
    void whatASessionHasWrittenIsNotDeletedBeforeItIsCommitted() {
        createTable(NOTHING_KEPT);
        try (Session writer = duckDb.session()) {
            TableChange change = table.append(writer, newest(), ROWS);

            assertThat(vacuumByAnother()).isEqualTo(new VacuumReport(List.of(), 0, 1, false));
            table.commit(change, request(0));
        }
        assertThat(vacuumByAnother().files()).isEmpty();
        assertThat(rows(newest().scan(session))).hasSize(100);
    }

    @Test
    void whatIsCommittedWhileFilesAreListedIsNotDeleted() {
        createTable(NOTHING_KEPT);
        AtomicReference<Runnable> onList = new AtomicReference<>(() -> {});
        storage = new ForwardingStorage(storage) {
            @Override
            public List<StoredFile> list(String folder, String from) throws IOException {
                List<StoredFile> listed = super.list(folder, from);
                if (folder.equals(NAME.path())) {
                    onList.getAndSet(() -> {}).run();
                }
                return listed;
            }
        };
        tables = new DeltaTables(storage, duckDb, Clock.systemUTC());
        table = tables.table(NAME);
        Session writer = duckDb.session();
        TableChange change = table.append(writer, newest(), ROWS);
        onList.set(() -> {
            table.commit(change, request(0));
            writer.close();
        });

        assertThat(vacuumByAnother().files()).isEmpty();
        assertThat(rows(newest().scan(session))).hasSize(100);
    }

    @Test
    void aVacuumThatFailsHalfWayDoesNoHarmAndIsRunAgain() throws Exception {
        daysAgo(20, () -> createTable(Map.of()));
        for (int i = 0; i < 4; i++) {
            int number = i;
            daysAgo(19, () -> replaceBy(number * 1000));
        }
        FaultyStorage faulty = new FaultyStorage(
                storage, Faults.nth(1, Faults.calls(Operation.DELETE, ".*"), new Fault.Fail(Fault.Moment.BEFORE)));
        DeltaTable own = new DeltaTables(faulty, duckDb, Clock.systemUTC()).table(NAME);

        assertThatThrownBy(() -> own.vacuum(VacuumRequest.usual())).isInstanceOf(UncheckedIOException.class);
        assertThat(names("", "part")).hasSize(3);
        assertThat(rows(newest().scan(session))).hasSize(100);

        assertThat(own.vacuum(VacuumRequest.usual()).files()).hasSize(2);
        assertThat(rows(newest().scan(session))).hasSize(100);
        assertThatThrownBy(() -> table.snapshotAt(1).scan(session)).hasRootCauseInstanceOf(NoSuchFileException.class);
    }
}
