package dev.tarn.engine.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.FilePattern;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Parquet files in a lake that is elsewhere, and a cache for them. */
abstract class CacheFixture {

    static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    ElsewhereStorage storage;
    DuckDb duckDb;
    LocalFiles files;

    void open(long cacheBytes) {
        open(cacheBytes, folder.resolve("workspace"));
    }

    void open(long cacheBytes, Path workspace) {
        duckDb = DuckDb.open(new Budget(256 * MIB, 256 * MIB, 64 * MIB, cacheBytes, 64 * MIB, 2), workspace);
        storage = new ElsewhereStorage(folder.resolve("lake"));
        files = new LocalFiles(storage, duckDb);
    }

    @AfterEach
    void close() {
        duckDb.close();
    }

    /** Writes eight columns of {@code rows} rows, about 45 bytes each, and returns the file as the log would name it. */
    LakeFile stored(String path, int rows) throws IOException {
        return stored(
                path,
                "SELECT range AS id, 'customer ' || range % 977 AS customer, (hash(range) % 100000 / 100)::DECIMAL(18,2) AS"
                        + " amount, hash(range * 7) AS reference, DATE '2026-01-01' + (range % 365)::INT AS day,"
                        + " range % 5 = 0 AS paid, {'x': hash(range * 3), 'y': [range % 3]} AS detail,"
                        + " md5(range::VARCHAR) AS note FROM range("
                        + rows + ")",
                "COMPRESSION zstd, ROW_GROUP_SIZE 20480");
    }

    LakeFile stored(String path, String sql, String options) throws IOException {
        Path local = folder.resolve("lake").resolve(path);
        Files.createDirectories(local.getParent());
        try (Session session = duckDb.session()) {
            session.execute(
                    "COPY (" + sql + ") TO " + Sql.literal(local.toString()) + " (FORMAT parquet, " + options + ")");
        }
        return new LakeFile(path, Files.size(local));
    }

    Path original(LakeFile file) {
        return folder.resolve("lake").resolve(file.path());
    }

    List<Path> parts(Session session, List<LakeFile> wanted, String... columns) throws IOException {
        return files.parquet(session, wanted, () -> Set.of(columns));
    }

    Path part(Session session, LakeFile file, String... columns) throws IOException {
        return parts(session, List.of(file), columns).get(0);
    }

    /** One text for the result of the expressions over the files. */
    static String read(Session session, List<Path> parquet, String expressions) {
        return session.query(
                        "SELECT row(" + expressions + ")::VARCHAR FROM read_parquet(" + FilePattern.list(parquet) + ")",
                        row -> row.getString(1))
                .get(0);
    }

    String expected(LakeFile file, String expressions) {
        try (Session session = duckDb.session()) {
            return read(session, List.of(original(file)), expressions);
        }
    }

    /** Disk that the Parquet files below the workspace really take, in bytes. */
    static long allocated(Path workspace) throws IOException {
        try (Stream<Path> found = Files.walk(workspace)) {
            long sum = 0;
            for (Path file :
                    found.filter(path -> path.toString().endsWith(".parquet")).toList()) {
                Process du = new ProcessBuilder("du", "-k", file.toString()).start();
                String said = new String(du.getInputStream().readAllBytes(), UTF_8);
                sum += Long.parseLong(said.split("\\s")[0]) << 10;
            }
            return sum;
        }
    }

    /** Parquet files in the workspace. */
    List<Path> workspace() throws IOException {
        try (Stream<Path> found = Files.walk(folder.resolve("workspace"))) {
            return found.filter(path -> path.toString().endsWith(".parquet")).toList();
        }
    }
}
