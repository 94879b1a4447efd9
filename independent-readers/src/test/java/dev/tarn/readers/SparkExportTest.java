package dev.tarn.readers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.flow.Freshness;
import dev.tarn.engine.flow.Updates;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.local.cli.CommandLineShell;
import dev.tarn.local.cli.Surroundings;
import dev.tarn.local.run.CompiledProject;
import dev.tarn.local.run.OpenLake;
import dev.tarn.local.run.Stop;
import dev.tarn.model.Flow;
import dev.tarn.model.Layer;
import dev.tarn.model.Plan;
import dev.tarn.model.TableName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Projects exported for Spark: Spark makes the same tables of the same bronze. */
@Tag("full")
@ExtendWith(SharedReaders.class)
class SparkExportTest {

    private static final String TIMEZONE = "spark.sql.session.timeZone";
    private static final TableName PARTNERS = TableName.parse("bronze.res_partner");

    private static final TableName QUARANTINED = TableName.parse("silver.kept_aside");

    @TempDir
    private Path folder;

    private static SparkReader spark;

    @BeforeAll
    static void start(SparkReader shared) {
        spark = shared;
    }

    @BeforeEach
    void useTheZoneOfTheSample() {
        spark.set(TIMEZONE, "Asia/Manila");
    }

    @AfterEach
    void forget() {
        exported().forget();
        spark.set(TIMEZONE, "UTC");
    }

    private ExportedTables exported() {
        return new ExportedTables(spark, folder.resolve("out"));
    }

    private void tarn(String... arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(said, true, UTF_8);
        int exitCode = CommandLineShell.run(
                new Surroundings(Map.of(), folder, stream, stream, false, Clock.systemUTC()), new Stop(), arguments);
        assertThat(exitCode).as(said.toString(UTF_8)).isZero();
    }

    /** The books of the demo add up. */
    private static final Set<String> EMPTY_CONTROLS =
            Set.of("control_balanced_moves", "control_invoice_totals", "control_residuals", "control_closed_periods");

    /** Tarn keeps {@code gold.freshness} itself: no statement of the project makes it, so none is exported. */
    private static boolean isMadeByStatements(TableName table) {
        return (table.layer() == Layer.SILVER || table.layer() == Layer.GOLD) && !table.equals(Freshness.TABLE);
    }

    /** Fails unless Spark's tables of silver and gold are those of the lake; answers how many there are. */
    private int compareAll() throws IOException {
        int compared = 0;
        try (LakeComparison comparison = new LakeComparison(folder.resolve("lake"), folder.resolve("reading"))) {
            List<TableName> tables = comparison.tables();
            List<TableName> bronze = tables.stream()
                    .filter(table -> table.layer() == Layer.BRONZE)
                    .toList();
            exported().register(folder.resolve("lake"), bronze, folder.resolve("spark"));
            exported().make();
            for (TableName table : tables) {
                if (isMadeByStatements(table)) {
                    int rows = comparison.assertIsReadIdentically(
                            (path, version) -> spark.query("SELECT * FROM " + table), table, OptionalLong.empty());
                    if (!EMPTY_CONTROLS.contains(table.table())) {
                        assertThat(rows).as("rows of " + table).isPositive();
                    }
                    compared++;
                }
            }
        }
        return compared;
    }

    @Test
    void sparkMakesEveryTableOfTheSampleWithTheSameRows() throws IOException {
        tarn("up", "--once", "--rows", "500", "--root", "lake", "--memory", "2GB");
        tarn("init", "project");
        tarn("export", "--project", "project", "--target", "spark", "out");

        assertThat(exported().statements()).hasSize(29);
        assertThat(compareAll()).isEqualTo(21);
    }

    @Test
    void changesThatComeLateInPiecesAndWithEqualSequencesMakeTheSameRows() throws IOException {
        tarn("init", "project");
        Path pipelines = folder.resolve("project/pipelines/finance");
        try (Stream<Path> files = Files.list(pipelines)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder.resolve("project/sinks/supabase.yml"));
        Files.writeString(pipelines.resolve("changes.sql"), STATEMENTS);
        try (Lake lake = OpenLake.writable(
                new LocalStorage(folder.resolve("lake")),
                folder.resolve("lake"),
                Clock.systemUTC(),
                OpenLake.DEFAULT_MEMORY,
                OpenLake.DEFAULT_DISK)) {
            arrive(lake, 1);
            Plan plan = CompiledProject.compile(folder.resolve("project"), "", lake);
            update(lake, plan);
            arrive(lake, 0);
            update(lake, plan);
        }
        tarn("export", "--project", "project", "--root", "lake", "--target", "spark", "out");

        assertThat(compareAll()).isEqualTo(8);
        assertThat(spark.query("SELECT DISTINCT name IS NULL, _broken FROM silver.kept_aside_quarantine")
                        .rows())
                .containsExactly("[true, [\"has_name\"]]");
    }

    private static void update(Lake lake, Plan plan) {
        Updates updates = new Updates(lake, plan.timezone());
        for (Flow flow : plan.flows()) {
            // Where Tarn puts the rows of a quarantine is nobody else's layout.
            if (!flow.target().equals(QUARANTINED)) {
                updates.run(flow);
            }
        }
    }

    /** Half of the changes: of a key and a sequence there are up to two, an upsert in one half and a delete in the other. */
    private static void arrive(Lake lake, int half) {
        String rows =
                """
                SELECT (hash(i) %% 9)::INTEGER AS id,
                  CASE WHEN i = 300 THEN 'truncate' WHEN hash(i + half, 1) %% 4 > 0 THEN 'n' || hash(i, 2) %% 3 END AS name,
                  CASE WHEN hash(i, 3) %% 3 > 0 THEN (hash(i, 4) %% 2)::INTEGER END AS country_id,
                  CASE WHEN i <> 300 AND (hash(i, 5) %% 2 = half) AND hash(i, 6) %% 3 = 0 THEN 'delete' ELSE 'upsert' END AS _op,
                  i::BIGINT AS _seq
                FROM (SELECT i, %d AS half FROM range(400) r(i))
                WHERE hash(i, 7) %% 2 = half OR (i <> 300 AND hash(i, 6) %% 3 = 0)
                """
                        .formatted(half);
        DeltaTable table = lake.table(PARTNERS);
        try (Session session = lake.duckDb().session()) {
            TableSnapshot base =
                    table.snapshot().orElseGet(() -> table.create(TableDefinition.of(session.describe(rows))));
            table.commit(
                    table.append(session, base, rows), CommitRequest.ofWork(lake.newUpdateId(), "WRITE", Map.of()));
        }
    }

    private static final String STATEMENTS =
            """
            CREATE TEMPORARY VIEW changes AS SELECT id, name, country_id, _op, _seq FROM STREAM(bronze.res_partner);
            CREATE OR REFRESH STREAMING TABLE silver.newest;
            APPLY CHANGES INTO silver.newest FROM STREAM(changes) KEYS (id)
            APPLY AS DELETE WHEN _op = 'delete' SEQUENCE BY _seq COLUMNS * EXCEPT (_op, _seq);

            CREATE OR REFRESH STREAMING TABLE silver.by_struct (country_id BIGINT, id INT, name STRING COMMENT 'It''s');
            CREATE FLOW by_struct AS AUTO CDC INTO silver.by_struct FROM STREAM(changes) KEYS (id)
            APPLY AS DELETE WHEN _op = 'delete' SEQUENCE BY STRUCT(_seq, id) COLUMNS id, name, country_id;

            CREATE OR REFRESH STREAMING TABLE silver.filled;
            CREATE FLOW filled AS AUTO CDC INTO silver.filled FROM STREAM(changes) KEYS (id) IGNORE NULL UPDATES
            APPLY AS DELETE WHEN _op = 'delete' SEQUENCE BY _seq COLUMNS * EXCEPT (_op);

            CREATE OR REFRESH STREAMING TABLE silver.truncated;
            CREATE FLOW truncated AS AUTO CDC INTO silver.truncated FROM STREAM(changes) KEYS (id)
            APPLY AS DELETE WHEN _op = 'delete' APPLY AS TRUNCATE WHEN name = 'truncate' SEQUENCE BY _seq;

            CREATE OR REFRESH STREAMING TABLE silver.versions;
            CREATE FLOW versions AS AUTO CDC INTO silver.versions FROM STREAM(changes) KEYS (id)
            APPLY AS DELETE WHEN _op = 'delete' SEQUENCE BY _seq COLUMNS * EXCEPT (_op, _seq)
            STORED AS SCD TYPE 2 TRACK HISTORY ON (name);

            CREATE OR REFRESH STREAMING TABLE silver.filled_versions;
            CREATE FLOW filled_versions AS AUTO CDC INTO silver.filled_versions FROM STREAM(changes) KEYS (id)
            IGNORE NULL UPDATES ON (name) APPLY AS DELETE WHEN _op = 'delete' SEQUENCE BY _seq
            COLUMNS * EXCEPT (_op, _seq) STORED AS SCD TYPE 2;

            CREATE OR REFRESH STREAMING TABLE silver.appended (
              id BIGINT, name STRING, _seq BIGINT,
              CONSTRAINT has_name EXPECT (name IS NOT NULL) ON VIOLATION DROP ROW,
              CONSTRAINT has_id EXPECT (id >= 0) ON VIOLATION FAIL UPDATE
            );
            INSERT INTO silver.appended BY NAME SELECT name, _seq, CAST(id AS BIGINT) AS id FROM STREAM(changes);

            CREATE OR REFRESH PRIVATE MATERIALIZED VIEW silver.counted (
              name STRING NOT NULL, number DECIMAL(20,0), CONSTRAINT named EXPECT (name <> 'n0') ON VIOLATION DROP ROW
            ) AS SELECT name, count(*) AS number FROM silver.newest WHERE name IS NOT NULL GROUP BY name;

            CREATE OR REFRESH MATERIALIZED VIEW silver.kept_aside (
              CONSTRAINT has_name EXPECT (name IS NOT NULL) ON VIOLATION QUARANTINE
            ) AS SELECT * FROM silver.newest;
            """;
}
