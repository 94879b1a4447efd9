package dev.tarn.engine.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BudgetTest {

    private static final long MIB = 1L << 20;

    @Test
    void theTotalOfAMachineIsSplitAndNotExceeded() {
        Budget budget = Budget.ofMachine(2048 * MIB, 768 * MIB);

        assertThat(budget.heapBytes()).isEqualTo(512 * MIB);
        assertThat(budget.duckdbMemoryBytes()).isEqualTo(1024 * MIB);
        assertThat(budget.memoryBytes()).isEqualTo(2048 * MIB);
        assertThat(budget.diskBytes()).isEqualTo(768 * MIB);
        assertThat(budget.threads()).isEqualTo(Runtime.getRuntime().availableProcessors());
    }

    @Test
    void tooLittleMemoryIsRefused() {
        assertThatThrownBy(() -> Budget.ofMachine(2048 * MIB, 768 * MIB).checkMemory(1024 * MIB))
                .isInstanceOfSatisfying(
                        TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MEMORY_TOO_SMALL))
                .hasMessage(
                        "MEMORY_TOO_SMALL  This machine or container has 1024 MiB of memory, the budget takes 2048 MiB"
                                + " (512 MiB for Java, 1024 MiB for DuckDB, the rest for both).\n"
                                + "    Give it more memory or a smaller budget.");
    }

    @Test
    void tooLittleDiskIsRefused() {
        assertThatThrownBy(() -> Budget.ofMachine(2048 * MIB, 768 * MIB).checkDisk(Path.of("tmp"), 100 * MIB))
                .isInstanceOfSatisfying(
                        TarnException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISK_TOO_SMALL))
                .hasMessage("DISK_TOO_SMALL  The disk below tmp has 100 MiB left, the budget takes 768 MiB.\n"
                        + "    Free some space, choose another folder for temporary files, or set a smaller budget.");
    }

    @Test
    void aBudgetThatFitsIsAccepted(@TempDir Path folder) {
        assertThatCode(() -> Budget.ofMachine(128 * MIB, 3 * MIB).check(folder.resolve("not/yet/there")))
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
