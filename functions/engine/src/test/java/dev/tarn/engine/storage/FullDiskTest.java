package dev.tarn.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FullDiskTest {

    private static final Path FULL = Path.of("/dev/full");

    @Test
    void aFullDiskIsNamedWithWhatCouldNotBeWritten() {
        assumeTrue(Files.exists(FULL), "only Linux has a disk that is always full");
        IOException failure = catchThrowableOfType(IOException.class, () -> Files.write(FULL, new byte[1]));

        assertThatThrownBy(() -> FullDisk.refused(Path.of("lake"), "silver/invoice/part-1.parquet", failure))
                .isInstanceOf(TarnException.class)
                .hasMessage("DISK_TOO_SMALL  The disk of the lake is full: silver/invoice/part-1.parquet cannot be"
                        + " written below lake.\n    Free some space there and run again. Nothing of what was being"
                        + " written is part of a table.");
    }

    @Test
    void anotherFailureIsLeftAsItIs() {
        IOException failure = new IOException("the cable is out");

        assertThat(FullDisk.refused(Path.of("lake"), "silver/invoice/part-1.parquet", failure))
                .isSameAs(failure);
        assertThat(FullDisk.isIn(null)).isFalse();
    }
}
