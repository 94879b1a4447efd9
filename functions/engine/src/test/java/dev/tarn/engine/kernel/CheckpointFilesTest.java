package dev.tarn.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.cache.LocalFiles;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.Sql;
import dev.tarn.model.TarnException;
import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.MetadataColumnSpec;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFilesTest {

    private static final String PATH = "/silver/t/_delta_log/00000000000000000010.checkpoint.parquet";
    private static final StructType ADD = new StructType()
            .add("path", StringType.STRING)
            .add("partitionValues", new MapType(StringType.STRING, StringType.STRING, true))
            .add("size", LongType.LONG)
            .add("dataChange", BooleanType.BOOLEAN)
            .add("tags", new ArrayType(StringType.STRING, true));
    private static final StructType ACTION =
            new StructType().add("add", ADD).add("remove", new StructType().add("path", StringType.STRING));

    private static final StructType PATHS =
            new StructType().add("add", new StructType().add("path", StringType.STRING));

    @TempDir
    Path folder;

    private DuckDb duckDb;
    private CheckpointFiles checkpoints;

    @BeforeEach
    void open() {
        duckDb = DuckDb.open(
                new Budget(256L << 20, 256L << 20, 1L << 30, 1L << 30, 1L << 30, 2), folder.resolve("workspace"));
        LocalStorage storage = new LocalStorage(folder.resolve("lake"));
        checkpoints = new CheckpointFiles(storage, new LocalFiles(storage, duckDb), duckDb, new DamagedCheckpoints());
    }

    @AfterEach
    void close() {
        duckDb.close();
    }

    private static @Nullable Object[] add(String path, Map<String, @Nullable String> partition, List<String> tags) {
        return new Object[] {new Object[] {path, partition, 7L, true, tags}, null};
    }

    private static FilteredColumnarBatch batch(List<@Nullable Object[]> rows, boolean... selected) {
        Optional<ColumnVector> selection = selected.length == 0
                ? Optional.empty()
                : Optional.of(new ConstantExpressions().createSelectionVector(selected, 0, selected.length));
        return new FilteredColumnarBatch(HeapBatch.of(ACTION, rows), selection);
    }

    private List<String> read(StructType schema) throws Exception {
        List<String> rows = new ArrayList<>();
        try (CloseableIterator<FileReadResult> files = checkpoints.readParquetFiles(
                Iterators.of(List.of(FileStatus.of(PATH, 0, 0))), schema, Optional.empty())) {
            while (files.hasNext()) {
                FileReadResult file = files.next();
                assertThat(file.getFilePath()).isEqualTo(PATH);
                try (CloseableIterator<Row> actions = file.getData().getRows()) {
                    List<Row> all = new ArrayList<>();
                    actions.forEachRemaining(all::add);
                    rows.add(new String(JsonWriter.lines(all), StandardCharsets.UTF_8));
                }
            }
        }
        return rows;
    }

    /** Puts the query's rows where the checkpoint is, as another writer would, many row groups of it. */
    private Path put(Session session, String sql) throws Exception {
        Path file = folder.resolve("lake" + PATH);
        Files.createDirectories(file.getParent());
        session.execute("COPY (" + sql + ") TO " + Sql.literal(file.toString())
                + " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)");
        return file;
    }

    private CloseableIterator<FileReadResult> open(StructType schema) {
        return checkpoints.readParquetFiles(Iterators.of(List.of(FileStatus.of(PATH, 0, 0))), schema, Optional.empty());
    }

    @Test
    void onlySelectedActionsOfAllBatchesAreWritten() throws Exception {
        Map<String, @Nullable String> partition = new HashMap<>();
        partition.put("region", null);
        checkpoints.writeParquetFileAtomically(
                PATH,
                Iterators.of(List.of(
                        batch(List.of(add("a", Map.of(), List.of()), add("hidden", Map.of(), List.of())), true, false),
                        batch(List.<@Nullable Object[]>of(add("b", partition, List.of("x", "y")))),
                        batch(List.<@Nullable Object[]>of(new Object[] {null, new Object[] {"gone"}})))));

        assertThat(read(ACTION))
                .containsExactly(
                        """
                        {"add":{"path":"a","partitionValues":{},"size":7,"dataChange":true,"tags":[]}}
                        {"add":{"path":"b","partitionValues":{"region":null},"size":7,"dataChange":true,"tags":["x","y"]}}
                        {"remove":{"path":"gone"}}
                        """);
    }

    @Test
    void whatTheFileLacksIsNull() throws Exception {
        checkpoints.writeParquetFileAtomically(
                PATH, Iterators.of(List.of(batch(List.<@Nullable Object[]>of(add("a", Map.of(), List.of()))))));

        StructType wider = new StructType()
                .add("add", new StructType().add("path", StringType.STRING).add("stats", StringType.STRING))
                .add("sidecar", new StructType().add("path", StringType.STRING));
        assertThat(read(wider)).containsExactly("{\"add\":{\"path\":\"a\"}}\n");
    }

    @Test
    void manyAndLongActionsAreAllWritten() throws Exception {
        String longText = "x".repeat(18 << 20);
        List<FilteredColumnarBatch> batches = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            List<@Nullable Object[]> rows = new ArrayList<>();
            for (int row = 0; row < 500; row++) {
                rows.add(add("part-" + i + "-" + row, Map.of(), List.of()));
            }
            batches.add(batch(rows));
        }
        batches.add(batch(List.<@Nullable Object[]>of(add(longText, Map.of(), List.of()))));

        checkpoints.writeParquetFileAtomically(PATH, Iterators.of(batches));

        String all =
                String.join("", read(new StructType().add("add", new StructType().add("path", StringType.STRING))));
        assertThat(all.lines()).hasSize(40 * 500 + 1).anyMatch(line -> line.length() > longText.length());
    }

    @Test
    void aCheckpointIsNotWrittenTwiceAndItsActionsAreClosed() throws Exception {
        AtomicInteger closed = new AtomicInteger();
        for (int attempt = 0; attempt < 2; attempt++) {
            List<FilteredColumnarBatch> batches =
                    List.of(batch(List.<@Nullable Object[]>of(add("a" + attempt, Map.of(), List.of()))));
            CloseableIterator<FilteredColumnarBatch> plain = Iterators.of(batches);
            CloseableIterator<FilteredColumnarBatch> counted = new CloseableIterator<>() {
                @Override
                public boolean hasNext() {
                    return plain.hasNext();
                }

                @Override
                public FilteredColumnarBatch next() {
                    return plain.next();
                }

                @Override
                public void close() {
                    closed.incrementAndGet();
                }
            };
            if (attempt == 0) {
                checkpoints.writeParquetFileAtomically(PATH, counted);
            } else {
                assertThatThrownBy(() -> checkpoints.writeParquetFileAtomically(PATH, counted))
                        .isInstanceOf(FileAlreadyExistsException.class);
            }
        }

        assertThat(closed).hasValue(2);
        assertThat(read(new StructType().add("add", new StructType().add("path", StringType.STRING))))
                .containsExactly("{\"add\":{\"path\":\"a0\"}}\n");
    }

    @Test
    void everyTypeOfAnActionIsReadAtEveryDepthAndSoIsNull() throws Exception {
        try (Session session = duckDb.session()) {
            put(
                    session,
                    "SELECT {'path': 'a', 'size': 9007199254740993, 'ok': false, 'ratio': 0.5::DOUBLE, "
                            + "'dv': {'offset': 1::INTEGER, 'deep': {'t': 'x'}}, "
                            + "'values': MAP {'q\"u': 'ü', 'none': NULL}, 'list': ['1', NULL]} AS add, 1 AS n "
                            + "UNION ALL SELECT {'path': NULL, 'size': NULL, 'ok': NULL, 'ratio': NULL, "
                            + "'dv': {'offset': NULL, 'deep': NULL}, 'values': MAP {}, 'list': []}, 2 "
                            + "UNION ALL SELECT {'path': '', 'size': 0, 'ok': true, 'ratio': -1, 'dv': NULL, "
                            + "'values': NULL, 'list': NULL}, 3 UNION ALL SELECT NULL, 4 ORDER BY n");
        }
        StructType deep = new StructType().add("t", StringType.STRING);
        StructType add = new StructType()
                .add("path", StringType.STRING)
                .add("size", LongType.LONG)
                .add("ok", BooleanType.BOOLEAN)
                .add("ratio", DoubleType.DOUBLE)
                .add("dv", new StructType().add("offset", IntegerType.INTEGER).add("deep", deep))
                .add("values", new MapType(StringType.STRING, StringType.STRING, true))
                .add("list", new ArrayType(StringType.STRING, true));

        assertThat(read(new StructType().add("add", add)))
                .containsExactly(
                        """
                        {"add":{"path":"a","size":9007199254740993,"ok":false,"ratio":0.5,"dv":{"offset":1,"deep":{"t":"x"}},"values":{"q\\"u":"ü","none":null},"list":["1",null]}}
                        {"add":{"dv":{},"values":{},"list":[]}}
                        {"add":{"path":"","size":0,"ok":true,"ratio":-1.0}}
                        {}
                        """);
    }

    @Test
    void rowsComeInBatchesThatKnowTheirNumbers() throws Exception {
        try (Session session = duckDb.session()) {
            put(session, "SELECT {'path': i::VARCHAR} AS add FROM range(100000) r(i)");
        }
        StructType numbered = PATHS.add(StructField.createMetadataColumn("row", MetadataColumnSpec.ROW_INDEX));
        Set<Long> rows = new HashSet<>();
        try (CloseableIterator<FileReadResult> batches = open(numbered)) {
            while (batches.hasNext()) {
                ColumnarBatch batch = batches.next().getData();
                assertThat(batch.getSize()).isLessThanOrEqualTo(2_048);
                for (int row = 0; row < batch.getSize(); row++) {
                    long number = batch.getColumnVector(1).getLong(row);
                    assertThat(batch.getColumnVector(0).getChild(0).getString(row))
                            .isEqualTo(Long.toString(number));
                    rows.add(number);
                }
            }
        }

        assertThat(rows).hasSize(100_000);
    }

    @Test
    void whoeverHasSeenEnoughMayStop() throws Exception {
        try (Session session = duckDb.session()) {
            put(session, "SELECT {'path': md5(i::VARCHAR)} AS add FROM range(100000) r(i)");
        }
        for (int time = 0; time < 20; time++) {
            try (CloseableIterator<FileReadResult> batches = open(PATHS)) {
                assertThat(batches.hasNext()).isTrue();
                assertThat(batches.next().getData().getSize()).isPositive();
            }
        }

        assertThat(String.join("", read(PATHS)).lines()).hasSize(100_000);
    }

    @Test
    void aCheckpointThatIsDamagedSomewhereIsNotReadInPart() throws Exception {
        long offset;
        Path file;
        try (Session session = duckDb.session()) {
            file = put(session, "SELECT {'path': md5(i::VARCHAR)} AS add FROM range(400000) r(i)");
            offset = session.query(
                            "SELECT max(coalesce(dictionary_page_offset, data_page_offset)) FROM parquet_metadata("
                                    + Sql.literal(file.toString()) + ") WHERE path_in_schema LIKE '%path%'",
                            row -> row.getLong(1))
                    .get(0);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(4_096), offset + 64);
        }

        assertThatThrownBy(() -> read(PATHS))
                .isInstanceOf(TarnException.class)
                .hasMessageContaining("is no whole Parquet file")
                .hasMessageContaining("Restore the file from a backup");
    }
}
