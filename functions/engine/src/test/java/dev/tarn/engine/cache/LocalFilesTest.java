package dev.tarn.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.SqlFailedException;
import dev.tarn.engine.storage.LocalStorage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalFilesTest extends CacheFixture {

    private static final String PATH = "silver/invoice/part-1.parquet";

    private Session session;

    @BeforeEach
    void open() {
        open(256 * MIB);
        session = duckDb.session();
    }

    @Test
    void twoOfEightColumnsCostAFifthOfTheFileAndGiveTheSameResult() throws Exception {
        LakeFile file = stored(PATH, 120_000);
        String sums = "count(*), sum(amount), sum(hash(day)::HUGEINT)";

        Path part = part(session, file, "amount", "day");

        assertThat(read(session, List.of(part), sums)).isEqualTo(expected(file, sums));
        System.out.printf(
                "2 of 8 columns: %d of %d bytes (%.1f %%) in %d requests%n",
                storage.bytes(), file.size(), 100.0 * storage.bytes() / file.size(), storage.requests());
        assertThat(storage.bytes()).isLessThanOrEqualTo(file.size() / 5);
        assertThat(session.fetchedBytes()).isEqualTo(storage.bytes());
        assertThat(Files.size(part)).isEqualTo(file.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "customer", "amount", "reference", "day", "paid", "detail", "note"})
    void anyColumnReadsTheSameAsFromTheWholeFile(String column) throws Exception {
        LakeFile file = stored(PATH, 100_000);
        String sums = "count(*), count(" + column + "), sum(hash(" + column + ")::HUGEINT), any_value(typeof(" + column
                + "))";

        assertThat(read(session, List.of(part(session, file, column)), sums)).isEqualTo(expected(file, sums));
    }

    @Test
    void rowsAreCountedFromTheFooterAlone() throws Exception {
        LakeFile file = stored(PATH, 100_000);

        assertThat(read(session, List.of(part(session, file)), "count(*)")).isEqualTo("(100000,)");

        assertThat(storage.requests()).isEqualTo(1);
        assertThat(storage.bytes()).isLessThanOrEqualTo((64 << 10) + Ranges.BLOCK);
    }

    @Test
    void theBloomFiltersOfAColumnComeWithIt() throws Exception {
        // Enough of them that they begin before the first look at the end of the file.
        LakeFile file = stored(
                PATH,
                "SELECT hash(range) AS id, 'k' || range % 1900 AS key, 'o' || range % 1900 AS other FROM range(800000)",
                "COMPRESSION zstd, ROW_GROUP_SIZE 20480");
        assertThat(session.query(
                        "SELECT min(bloom_filter_offset) FROM parquet_metadata('" + original(file) + "')",
                        row -> row.getLong(1)))
                .allMatch(offset -> offset > 0 && offset < file.size() - (100 << 10));

        Path part = part(session, file, "key");

        for (String key : List.of("k5", "k77x")) {
            assertThat(session.query(
                            "SELECT count(*) FROM read_parquet('" + part + "') WHERE key = '" + key + "'",
                            row -> "(" + row.getLong(1) + ",)"))
                    .containsExactly(expected(file, "count(*) FILTER (key = '" + key + "')"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstd", "snappy", "uncompressed"})
    void readingAColumnThatIsNotHereFailsLoudly(String compression) throws Exception {
        LakeFile file = stored(
                PATH,
                "SELECT range AS id, range % 7 AS few, range::DOUBLE AS d, range % 2 = 0 AS b, 'n' || range AS t,"
                        + " {'x': range} AS s, [range] AS l, md5(range::VARCHAR) AS note FROM range(400000)",
                "COMPRESSION " + compression);
        Path part = part(session, file, "id");

        assertThat(read(session, List.of(part), "sum(id)")).isEqualTo(expected(file, "sum(id)"));
        for (String column : List.of("few", "d", "b", "t", "s", "l", "note")) {
            assertThatThrownBy(() -> read(session, List.of(part), "sum(hash(" + column + ")::HUGEINT)"))
                    .as(column)
                    .isInstanceOf(SqlFailedException.class)
                    .hasMessageContaining("TProtocolException: Invalid data");
            for (String known : List.of("count(", "min(", "max(", "approx_count_distinct(")) {
                assertRightOrRefused(file, part, known + column + ")");
            }
            assertRightOrRefused(file, part, "count(*) FILTER (" + column + " IS NULL)");
        }
    }

    /** The footer knows a few things about columns, and it is here. */
    private void assertRightOrRefused(LakeFile file, Path part, String expression) {
        try {
            assertThat(read(session, List.of(part), expression)).isEqualTo(expected(file, expression));
        } catch (SqlFailedException e) {
            assertThat(e).hasMessageContaining("TProtocolException: Invalid data");
        }
    }

    @Test
    void columnsThatAreWantedLaterComeIntoTheSameFile() throws Exception {
        LakeFile file = stored(PATH, 120_000);
        Path first = part(session, file, "id");
        assertThat(read(session, List.of(first), "sum(id)")).isEqualTo(expected(file, "sum(id)"));
        assertThatThrownBy(() -> read(session, List.of(first), "sum(amount)")).isInstanceOf(SqlFailedException.class);
        long bytes = storage.bytes();

        Path second = part(session, file, "amount");

        assertThat(second).isEqualTo(first);
        assertThat(read(session, List.of(second), "sum(id), sum(amount)"))
                .isEqualTo(expected(file, "sum(id), sum(amount)"));
        assertThat(storage.bytes() - bytes).isLessThan(file.size() / 5);
        long requests = storage.requests();
        part(session, file, "amount", "id");
        assertThat(storage.requests()).isEqualTo(requests);
    }

    @Test
    void whatIsMostOfAFileIsReadInWhole() throws Exception {
        LakeFile file = stored(PATH, 120_000);

        Path part = part(session, file, "note", "reference", "detail", "id");

        assertThat(Files.mismatch(part, original(file))).isEqualTo(-1);
        assertThat(storage.bytes()).isLessThan(file.size() + Ranges.BLOCK);
    }

    @Test
    void aSmallFileIsReadAtOnceAndNobodyIsAskedForColumns() throws Exception {
        LakeFile file = stored(PATH, 1_000);

        Path part = files.parquet(session, List.of(file), () -> fail("asked for columns"))
                .get(0);

        assertThat(Files.mismatch(part, original(file))).isEqualTo(-1);
        assertThat(storage.requests()).isEqualTo(1);
    }

    @Test
    void aFooterLongerThanTheFirstLookIsReadToItsBeginning() throws Exception {
        StringBuilder columns = new StringBuilder("range AS id");
        for (int column = 0; column < 300; column++) {
            columns.append(", hash(range + ")
                    .append(column)
                    .append(") AS column_")
                    .append(column);
        }
        LakeFile file = stored(PATH, "SELECT " + columns + " FROM range(20000)", "ROW_GROUP_SIZE 2048");

        Path part = part(session, file, "id", "column_7");

        assertThat(read(session, List.of(part), "sum(id), sum(column_7::HUGEINT)"))
                .isEqualTo(expected(file, "sum(id), sum(column_7::HUGEINT)"));
        assertThat(storage.bytes()).isLessThan(file.size() / 20);
    }

    @Test
    void namesWithCommasAndCapitalsAreFound() throws Exception {
        LakeFile file = stored(
                PATH,
                "SELECT range AS \"Id\", hash(range) AS \"a, b\", {'b': hash(range + 1)} AS a, md5(range::VARCHAR) AS"
                        + " rest, hash(range + 2) AS other FROM range(200000)",
                "COMPRESSION zstd");

        Path part = part(session, file, "id", "a, b");

        assertThat(read(session, List.of(part), "sum(id), sum(\"a, b\"::HUGEINT)"))
                .isEqualTo(expected(file, "sum(id), sum(\"a, b\"::HUGEINT)"));
        assertThatThrownBy(() -> read(session, List.of(part), "sum(hash(rest)::HUGEINT)"))
                .isInstanceOf(SqlFailedException.class);
    }

    @Test
    void aColumnThatAFileLacksCostsNothing() throws Exception {
        LakeFile file = stored(PATH, 100_000);
        part(session, file);
        long requests = storage.requests();

        part(session, file, "added_later");

        assertThat(storage.requests()).isEqualTo(requests);
    }

    @Test
    void aWholeFileIsFetchedOnceUntilItHasAnotherContent() throws Exception {
        LakeFile file = stored(PATH, 100_000);
        assertThat(Files.mismatch(files.whole(session, PATH), original(file))).isEqualTo(-1);
        long bytes = storage.bytes();
        assertThat(bytes).isEqualTo(file.size());
        files.whole(session, PATH);
        assertThat(storage.bytes()).isEqualTo(bytes);

        Files.delete(original(file));
        stored(PATH, "SELECT 1 AS id", "COMPRESSION zstd");

        assertThat(Files.mismatch(files.whole(session, PATH), original(file))).isEqualTo(-1);
    }

    @Test
    void filesOfThisMachineAreUsedWhereTheyAre() throws Exception {
        LakeFile file = stored(PATH, 120_000);
        LocalFiles here = new LocalFiles(new LocalStorage(folder.resolve("lake")), duckDb);

        List<Path> found = here.parquet(session, List.of(file), () -> fail("asked for columns"));

        assertThat(found).containsExactly(original(file));
        assertThat(here.whole(session, PATH)).isEqualTo(original(file));
        assertThat(session.fetchedBytes()).isZero();
        assertThat(workspace()).isEmpty();
    }

    @Test
    void whatIsMadeIsMadeOnce() throws Exception {
        AtomicInteger made = new AtomicInteger();
        Supplier<Path> make = () -> {
            made.incrementAndGet();
            session.execute("COPY (SELECT 1 AS position) TO '" + folder.resolve("made.parquet") + "'");
            return folder.resolve("made.parquet");
        };

        Path first = files.made(session, "silver.invoice/rows", make);
        try (Session other = duckDb.session()) {
            assertThat(files.made(other, "silver.invoice/rows", make)).isEqualTo(first);
        }

        assertThat(made.get()).isEqualTo(1);
        assertThat(first).exists();
    }

    @Test
    void whatIsMadeAndHasNoRoomGoesWithItsSession() throws Exception {
        close();
        open(0);
        Path made = Files.writeString(folder.resolve("made.parquet"), "rows");
        try (Session other = duckDb.session()) {
            assertThat(files.made(other, "silver.invoice/rows", () -> made)).isEqualTo(made);
            assertThat(made).exists();
        }

        assertThat(made).doesNotExist();
    }

    @Test
    void whatASessionReadsStaysUntilItIsClosed() throws Exception {
        LakeFile file = stored(PATH, 120_000);
        Set<Path> parts = Set.copyOf(parts(session, List.of(file), "amount"));
        storage.delete(PATH);
        stored(PATH, 1_000);
        try (Session other = duckDb.session()) {
            part(other, new LakeFile(PATH, Files.size(original(file))));
        }

        assertThat(read(session, List.copyOf(parts), "count(amount)")).isEqualTo("(120000,)");
        session.close();

        assertThat(workspace()).doesNotContainAnyElementsOf(parts);
    }
}
