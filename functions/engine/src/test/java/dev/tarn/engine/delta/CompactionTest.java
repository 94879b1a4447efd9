package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.TarnException;
import dev.tarn.model.UpdateId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompactionTest extends DeltaFixture {

    private static final String ROWS = "SELECT range::BIGINT AS id, hash(range)::VARCHAR AS text FROM range(%d, %d)";
    private static final Map<String, String> VECTORS =
            Map.of("delta.enableDeletionVectors", "true", "delta.enableChangeDataFeed", "true");

    private void createTable(String... partitionBy) {
        table.create(new TableDefinition(session.describe(rows(0, 1)), List.of(partitionBy), "", VECTORS));
    }

    private static String rows(int from, int to) {
        return String.format(ROWS, from, to);
    }

    /** One file of a thousand rows for each number, in this order. */
    private void appendThousands(int... numbers) {
        for (int number : numbers) {
            append(rows(number * 1000, number * 1000 + 1000));
        }
    }

    private void preferVectors() {
        tables = new DeltaTables(
                storage, duckDb, Clock.systemUTC(), new WritePolicy(0, 1, 0.2, new Retries(20, Pause.real())));
        table = tables.table(NAME);
    }

    static CommitRequest maintenance() {
        return CommitRequest.ofWork(newUpdate(), "OPTIMIZE", Map.of("predicate", "[]"));
    }

    static UpdateId newUpdate() {
        return request("maintenance", 0).update();
    }

    private Commit optimize(CompactionPolicy policy) {
        return table.run(maintenance(), base -> table.optimize(session, base, policy));
    }

    private void delete(String condition) {
        table.run(
                CommitRequest.ofWork(newUpdate(), "DELETE", Map.of()),
                base -> table.delete(session, base, RowFilter.matching(condition)));
    }

    private long sizeOfOneFile() {
        return newest().files().get(0).size();
    }

    /** First and last id of every file, in their order. */
    private List<String> ranges() {
        List<String> ranges = new ArrayList<>();
        newest().forEachFile(file -> {
            FileBounds bounds = FileBounds.of(file);
            ColumnRange range = bounds.range(
                            "id",
                            new OrderedValues(
                                    newest().schema().column("id").orElseThrow().type()))
                    .orElseThrow();
            ranges.add(range.low() + " to " + range.high());
        });
        return ranges.stream().sorted().toList();
    }

    @Test
    void smallFilesArePackedNeighboursTogether() {
        createTable();
        appendThousands(6, 1, 4, 3, 2, 5);
        List<String> before = rows(newest().scan(session));
        long size = sizeOfOneFile();

        assertThat(optimize(new CompactionPolicy(size * 5 / 2, 0.05))).isEqualTo(new Commit.Committed(7));

        assertThat(ranges()).containsExactly("1000 to 2999", "3000 to 4999", "5000 to 6999");
        assertThat(rows(newest().scan(session))).isEqualTo(before);
    }

    @Test
    void whereNothingIsToBeDoneNothingIsCommitted() {
        createTable();
        appendThousands(1, 2, 3);
        CompactionPolicy policy = new CompactionPolicy(sizeOfOneFile() * 5 / 2, 0.05);
        optimize(policy);

        TableChange again = table.optimize(session, newest(), policy);

        assertThat(again.isNothing()).isTrue();
        assertThat(optimize(policy)).isEqualTo(new Commit.Committed(4));
        assertThat(newest().version()).isEqualTo(4);
        assertThat(newest().files()).hasSize(2);
    }

    @Test
    void filesOfDifferentPartitionsStayApart() {
        String partitioned = "SELECT id, text, 'p' || id %% 2 AS p FROM (%s)";
        table.create(new TableDefinition(
                session.describe(String.format(partitioned, rows(0, 1))), List.of("p"), "", VECTORS));
        for (int thousand = 0; thousand < 3; thousand++) {
            append(String.format(partitioned, rows(thousand * 1000, thousand * 1000 + 1000)));
        }
        append("SELECT 7::BIGINT AS id, 'x' AS text, NULL::VARCHAR AS p");
        List<String> before = rows(newest().scan(session));

        optimize(CompactionPolicy.usual());

        assertThat(newest().files()).hasSize(3);
        assertThat(rows(newest().scan(session))).isEqualTo(before);
    }

    @Test
    void filesOfWhichManyRowsAreDeletedAreWrittenWithoutThem() {
        createTable();
        preferVectors();
        appendThousands(1, 2);
        delete("id BETWEEN 1000 AND 1059");
        delete("id BETWEEN 2000 AND 2039");
        String untouched = pathOf(2000);
        CompactionPolicy policy = new CompactionPolicy(2, 0.05);

        optimize(policy);

        assertThat(newest().numRecords()).isEqualTo(1900);
        assertThat(ranges()).containsExactly("1060 to 1999", "2000 to 2999");
        assertThat(pathOf(2040)).isEqualTo(untouched);
        assertThat(table.optimize(session, newest(), policy).isNothing()).isTrue();
    }

    @Test
    void aFileOfWhichAllRowsAreDeletedIsTakenAway() {
        createTable();
        preferVectors();
        appendThousands(1, 2);
        delete("id % 2 = 0");
        delete("id < 1999");
        assertThat(newest().files()).hasSize(2);
        delete("id = 1999");

        optimize(new CompactionPolicy(2, 0.05));

        assertThat(ranges()).containsExactly("2001 to 2999");
    }

    private String pathOf(long id) {
        List<String> paths = new ArrayList<>();
        newest().forEachFile(file -> {
            if (FileBounds.of(file)
                    .range(
                            "id",
                            new OrderedValues(
                                    newest().schema().column("id").orElseThrow().type()))
                    .filter(range -> (Long) range.low() <= id && id <= (Long) range.high())
                    .isPresent()) {
                paths.add(file.getPath());
            }
        });
        return paths.get(0);
    }

    @Test
    void whoReadsChangesSeesNone() throws Exception {
        createTable();
        preferVectors();
        appendThousands(1, 2);
        delete("id < 1100");
        optimize(CompactionPolicy.usual());
        append(rows(5000, 5001));

        assertThat(rows(added(newest(), 3)))
                .containsExactly(session.query(
                                "SELECT id || ', ' || text FROM (" + rows(5000, 5001) + ")", row -> row.getString(1))
                        .get(0));
        String commit = commitText(4);
        assertThat(commit)
                .contains("\"dataChange\":false", "\"operation\":\"OPTIMIZE\"", "\"numRemovedFiles\":\"2\"")
                .contains("\"numAddedFiles\":\"1\"", "\"numDeletionVectorsRemoved\":\"1\"")
                .doesNotContain("\"dataChange\":true", "\"cdc\"");
    }

    private String commitText(long version) throws Exception {
        return new String(
                storage.read(NAME.path() + String.format("/_delta_log/%020d.json", version)), StandardCharsets.UTF_8);
    }

    @Test
    void whenAMergeTookAFileOfItThePlanIsMadeAnew() {
        createTable();
        appendThousands(1, 2, 3);
        List<TableSnapshot> bases = new ArrayList<>();

        Commit commit = table.run(maintenance(), base -> {
            bases.add(base);
            TableChange change = table.optimize(session, base, CompactionPolicy.usual());
            if (bases.size() == 1) {
                TableChange merge = table.merge(
                        session, base, Merge.upsert(List.of("id"), "SELECT 1500::BIGINT AS id, 'merged' AS text"));
                assertThat(table.commit(merge, request(100))).isEqualTo(new Commit.Committed(4));
            }
            return change;
        });

        assertThat(commit).isEqualTo(new Commit.Committed(5));
        assertThat(bases).hasSize(2);
        assertThat(newest().files()).hasSize(1);
        assertThat(rows("(SELECT text FROM " + newest().scan(session) + " WHERE id = 1500)"))
                .containsExactly("merged");
        assertThat(newest().numRecords()).isEqualTo(3000);
        assertThat(filesInFolder()).as("nothing is left of the first plan").hasSize(5);
    }

    private List<String> filesInFolder() {
        try (java.util.stream.Stream<Path> files =
                Files.list(folder.resolve("lake").resolve(NAME.path()))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".parquet"))
                    .toList();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void rowsThatComeMeanwhileDoNoHarm() {
        createTable();
        appendThousands(1, 2);
        TableSnapshot base = newest();
        TableChange change = table.optimize(session, base, CompactionPolicy.usual());
        appendThousands(3);

        assertThat(table.commit(change, maintenance())).isEqualTo(new Commit.Committed(4));
        assertThat(ranges()).containsExactly("1000 to 2999", "3000 to 3999");
    }

    @Test
    void onlyOneFileAtATimeWaitsOnTheDiskToBeMoved() {
        List<Integer> waiting = new ArrayList<>();
        storage = new LocalStorage(folder.resolve("lake"));
        createTable();
        appendThousands(IntStream.range(0, 8).toArray());
        DeltaTables watched = new DeltaTables(
                new dev.tarn.engine.storage.ForwardingStorage(storage) {
                    @Override
                    public void putFile(String path, Path local) throws java.io.IOException {
                        try (java.util.stream.Stream<Path> files = Files.list(local.getParent())) {
                            waiting.add(
                                    (int) files.filter(file -> file.toString().endsWith(".parquet"))
                                            .count());
                        }
                        super.putFile(path, local);
                    }
                },
                duckDb,
                Clock.systemUTC());
        DeltaTable own = watched.table(NAME);

        TableChange change = own.optimize(
                session, own.snapshot().orElseThrow(), new CompactionPolicy(sizeOfOneFile() * 5 / 2, 0.05));

        assertThat(change.files()).isEqualTo(4);
        // The file itself and, as long as it is not known where the lake is, one more name of it.
        assertThat(waiting).hasSize(4).allMatch(files -> files <= 2);
    }

    @Test
    void filesThatHoldOtherRowsThanTheLogSaysAreRefused() throws Exception {
        createTable();
        appendThousands(1, 2);
        String commit = commitText(2);
        Path file = folder.resolve("lake").resolve(NAME.path()).resolve("_delta_log/" + String.format("%020d.json", 2));
        Files.writeString(file, commit.replace("numRecords\\\":1000", "numRecords\\\":1001"));

        assertThatThrownBy(() -> optimize(CompactionPolicy.usual()))
                .isInstanceOf(TarnException.class)
                .hasMessageMatching(
                        "LAKE_DAMAGED  Files of silver\\.invoice@2 that are to be packed hold 2000 rows, and its log says"
                                + " 2001, the first of them silver/invoice/part-[0-9a-f-]+\\.zstd\\.parquet\\. Nothing was"
                                + " changed\\.\n    Restore the table from a backup, or write it anew from what can be read"
                                + " of it\\.");
        assertThat(filesInFolder()).hasSize(2);
    }
}
