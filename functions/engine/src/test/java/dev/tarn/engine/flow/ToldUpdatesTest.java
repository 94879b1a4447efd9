package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.FlowLake.BRONZE;
import static dev.tarn.engine.flow.FlowLake.SILVER;
import static dev.tarn.engine.flow.FlowLake.rows;
import static dev.tarn.engine.flow.FlowLake.stream;
import static dev.tarn.engine.flow.FlowLake.view;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.delta.DataFile;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.event.SourceRead;
import dev.tarn.engine.event.UpdateRecord;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToldUpdatesTest {

    @TempDir
    Path folder;

    private FlowLake lake;

    @BeforeEach
    void open() {
        lake = new FlowLake(folder);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private UpdateRecord told() {
        return new EventLog(lake.lake).recent(1).get(0);
    }

    @Test
    void aViewIsToldWithWhatItWasComputedFromAndWhatItWrote() {
        lake.arrive(rows("(1, 10), (2, 20)"));
        lake.arrive(rows("(3, 30)"));

        lake.updates.run(view());

        UpdateRecord told = told();
        assertThat(told.definition()).isEqualTo("view");
        assertThat(told.version()).isEqualTo(1);
        assertThat(told.recomputedFrom())
                .containsExactly(new SourceRead(
                        BRONZE,
                        lake.snapshot(BRONZE).tableId(),
                        2,
                        3,
                        2,
                        bytes(lake.snapshot(BRONZE).files())));
        assertThat(told.stats().bytesWritten())
                .isPositive()
                .isEqualTo(bytes(lake.snapshot(SILVER).files()));
    }

    @Test
    void aStreamIsComputedFromNothingAsAWhole() {
        lake.arrive(rows("(1, 10)"));

        lake.updates.run(stream());

        assertThat(told().definition()).isEqualTo("stream");
        assertThat(told().recomputedFrom()).isEmpty();
    }

    private static long bytes(Iterable<DataFile> files) {
        long bytes = 0;
        for (DataFile file : files) {
            bytes += file.size();
        }
        return bytes;
    }
}
