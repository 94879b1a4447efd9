package dev.tarn.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.SqlFailedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryFailureTest {

    @TempDir
    private Path folder;

    private FlowLake lake;

    @BeforeEach
    void open() {
        lake = new FlowLake(folder);
    }

    @AfterEach
    void close() {
        lake.lake.close();
    }

    @Test
    void aQueryThatNeedsMoreThanItsMemoryIsToldItsLimits() {
        assertThat(failure("SELECT len(list(range || repeat('x', 100))) FROM range(10000000)"))
                .isEqualTo(
                        """
                        pipelines/silver_orders.sql:3:1  MEMORY_TOO_SMALL  The query of silver.orders needs more than the 256 MiB \
                        of memory and 256 MiB of spill that DuckDB may use.
                            Let the process use more memory or disk, or let the query keep less at a time; silver.orders is as \
                        it was.""");
    }

    @Test
    void aFullDiskIsNamed() {
        assumeTrue(Files.exists(Path.of("/dev/full")), "only Linux has a disk that is always full");

        assertThat(failure("COPY (SELECT 1) TO '/dev/full' (FORMAT csv, USE_TMP_FILE false)"))
                .isEqualTo(
                        """
                        pipelines/silver_orders.sql:3:1  DISK_TOO_SMALL  The disk for temporary files was full when silver.orders \
                        was being written.
                            Free some space, choose another folder for temporary files, or split the flow; silver.orders is as \
                        it was.""");
    }

    private String failure(String sql) {
        DuckDb duckDb = lake.lake.duckDb();
        try (Session session = duckDb.session()) {
            SqlFailedException failure = catchThrowableOfType(SqlFailedException.class, () -> session.execute(sql));
            return QueryFailure.problem(FlowLake.view(), duckDb.budget(), failure)
                    .toString();
        }
    }
}
