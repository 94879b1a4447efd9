package dev.tarn.engine.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetTest {

    private static final long MIB = 1L << 20;

    @ParameterizedTest
    @CsvSource(
            textBlock =
                    """
            # instance, heap that its JVM takes, memory that a process may use there, for DuckDB
             512, 128,  384,   64
            2048, 512, 1536,  768
            4096, 1024, 3072, 1536
            """)
    void everySizeOfAnInstanceIsSplitAndNotExceeded(long instance, long heap, long memory, long duckdb) {
        Budget budget = Budget.of(heap * MIB, memory * MIB, 640 * MIB);

        assertThat(budget.duckdbMemoryBytes()).isEqualTo(duckdb * MIB);
        assertThat(budget.memoryBytes()).isEqualTo((heap + duckdb + 192) * MIB).isLessThanOrEqualTo(memory * MIB);
        assertThat(budget.spillBytes()).isEqualTo(160 * MIB);
        assertThat(budget.cacheBytes()).isEqualTo(320 * MIB);
        assertThat(budget.writingBytes()).isEqualTo(160 * MIB);
        assertThat(budget.diskBytes()).isEqualTo(640 * MIB);
        assertThat(budget.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThatCode(() -> budget.checkMemory(instance * MIB)).doesNotThrowAnyException();
    }

    @Test
    void theHeapIsTheOneThatTheJvmHas() {
        assertThat(Budget.ofProcess(1L << 40, 640 * MIB).heapBytes())
                .isEqualTo(Runtime.getRuntime().maxMemory());
    }

    @Test
    void aHeapThatLeavesNothingForDuckDbIsRefused() {
        assertThatThrownBy(() -> Budget.of(6144 * MIB, 1536 * MIB, 640 * MIB))
                .isInstanceOfSatisfying(
                        TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_TOO_SMALL))
                .hasMessage(
                        """
                        MEMORY_TOO_SMALL  This process may use 1536 MiB of memory. Its Java heap may grow to 6144 MiB, code and \
                        buffers take up to 192 MiB, and DuckDB needs at least 64 MiB.
                            Let it use more memory, or start Java with a smaller heap (-Xmx).""");
        assertThatThrownBy(() -> Budget.of(128 * MIB, 383 * MIB, 640 * MIB))
                .hasMessageStartingWith("MEMORY_TOO_SMALL  This process may use 383 MiB of memory.");
    }

    @Test
    void aDiskOnWhichNoFileFitsIsRefused() {
        assertThatThrownBy(() -> Budget.of(128 * MIB, 512 * MIB, 31 * MIB))
                .isInstanceOfSatisfying(
                        TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_TOO_SMALL))
                .hasMessage(
                        """
                        DISK_TOO_SMALL  This process may use 31 MiB of temporary disk, and needs at least 32 MiB to write files \
                        and to spill.
                            Let it use more disk.""");
    }

    @Test
    void aMachineWithLessMemoryIsRefused() {
        assertThatThrownBy(() -> Budget.of(512 * MIB, 2048 * MIB, 768 * MIB).checkMemory(1024 * MIB))
                .isInstanceOfSatisfying(
                        TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_TOO_SMALL))
                .hasMessage(
                        "MEMORY_TOO_SMALL  This machine or container has 1024 MiB of memory, the budget takes 1728 MiB"
                                + " (512 MiB for Java, 1024 MiB for DuckDB, the rest for code and buffers).\n"
                                + "    Give it more memory or a smaller budget.");
    }

    @Test
    void aDiskWithLessRoomIsRefused() {
        assertThatThrownBy(() -> Budget.of(512 * MIB, 2048 * MIB, 768 * MIB).checkDisk(Path.of("tmp"), 100 * MIB))
                .isInstanceOfSatisfying(
                        TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_TOO_SMALL))
                .hasMessage("DISK_TOO_SMALL  The disk below tmp has 100 MiB left, the budget takes 768 MiB.\n"
                        + "    Free some space, choose another folder for temporary files, or set a smaller budget.");
    }

    @Test
    void aBudgetThatFitsIsAccepted(@TempDir Path folder) {
        assertThatCode(() -> Budget.of(128 * MIB, 384 * MIB, 32 * MIB).check(folder.resolve("not/yet/there")))
                .doesNotThrowAnyException();
    }

    @Test
    void lessThanDuckDbNeedsIsNoBudget() {
        assertThatThrownBy(() -> new Budget(MIB, 63 * MIB, 0, 0, MIB, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("DuckDB needs at least 64 MiB of memory");
        assertThatThrownBy(() -> new Budget(MIB, 64 * MIB, 0, 0, MIB, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a budget has a heap, room to write and at least one thread");
    }
}
