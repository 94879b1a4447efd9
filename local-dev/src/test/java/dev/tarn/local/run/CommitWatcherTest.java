package dev.tarn.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.TableCommitted;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitWatcherTest {

    private static final TableName MOVES = TableName.parse("bronze.account_move");

    @TempDir
    private Path root;

    private final List<TableCommitted> heard = new ArrayList<>();
    private Storage storage;
    private CommitWatcher watcher;

    @BeforeEach
    void watch() {
        storage = new LocalStorage(root);
        watcher = new CommitWatcher(storage, List.of(MOVES), heard::add);
    }

    @Test
    void everyCommitIsToldOfOnceInOrder() throws IOException {
        commit(0);
        watcher.poll();
        commit(1);
        commit(2);
        watcher.poll();
        watcher.poll();

        assertThat(heard)
                .containsExactly(
                        new TableCommitted(MOVES, 0), new TableCommitted(MOVES, 1), new TableCommitted(MOVES, 2));
    }

    @Test
    void aLogWhoseBeginningIsGoneIsFoundByTheSweep() throws IOException {
        commit(7);
        commit(8);
        watcher.poll();
        assertThat(heard).isEmpty();

        watcher.sweep();
        commit(9);
        watcher.poll();

        assertThat(heard).containsExactly(new TableCommitted(MOVES, 8), new TableCommitted(MOVES, 9));
    }

    @Test
    void otherFilesOfTheLogAreNoCommits() throws IOException {
        storage.put("bronze/account_move/_delta_log/_last_checkpoint", new byte[0]);
        storage.put("bronze/account_move/_delta_log/00000000000000000003.checkpoint.parquet", new byte[0]);
        storage.put("bronze/account_move/_delta_log/00000000000000000003.crc", new byte[0]);

        watcher.sweep();

        assertThat(heard).isEmpty();
    }

    private void commit(long version) throws IOException {
        storage.put("bronze/account_move/_delta_log/%020d.json".formatted(version), new byte[0]);
    }
}
