package dev.tarn.engine.kernel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.storage.Faults;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.FileChangedException;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.StorageCall.Operation;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogContentsTest {

    @TempDir
    Path folder;

    private FaultyStorage storage;
    private LogContents contents;

    @BeforeEach
    void open() {
        storage = new FaultyStorage(new LocalStorage(folder), Faults.none());
        contents = new LogContents(storage);
    }

    private ListedFile listed(String name) throws IOException {
        return new ListedFile(storage.find("bronze/t/_delta_log/" + name).orElseThrow());
    }

    private void put(String name, byte[] content) throws IOException {
        storage.put("bronze/t/_delta_log/" + name, content);
    }

    private long reads() {
        return storage.calls(operation -> operation == Operation.READ);
    }

    @Test
    void aCommitIsReadOnce() throws IOException {
        put("0.json", "first".getBytes(UTF_8));
        ListedFile file = listed("0.json");

        assertThat(contents.read(file)).asString().isEqualTo("first");
        assertThat(contents.read(file)).asString().isEqualTo("first");
        assertThat(reads()).isEqualTo(1);
    }

    @Test
    void anotherCommitOfTheSameNameIsNotTheOneThatWasRead() throws IOException {
        put("0.json", "first".getBytes(UTF_8));
        ListedFile first = listed("0.json");
        contents.read(first);
        put("0.json", "other".getBytes(UTF_8));

        assertThat(contents.read(listed("0.json"))).asString().isEqualTo("other");
        assertThatThrownBy(() -> contents.read(first)).isInstanceOf(FileChangedException.class);
    }

    @Test
    void theLatestStayWithinTheBound() throws IOException {
        int size = (int) LogContents.MOST_BYTES / 16;
        for (int version = 0; version < 20; version++) {
            put(version + ".json", new byte[size]);
            contents.read(listed(version + ".json"));
            assertThat(contents.bytes()).isLessThanOrEqualTo(LogContents.MOST_BYTES);
        }
        long before = reads();

        contents.read(listed("19.json"));
        contents.read(listed("4.json"));
        assertThat(reads()).isEqualTo(before);

        contents.read(listed("3.json"));
        assertThat(reads()).isEqualTo(before + 1);
    }

    @Test
    void aLargeCommitIsNotKept() throws IOException {
        put("0.json", new byte[(int) LogContents.MOST_BYTES / 4]);

        contents.read(listed("0.json"));

        assertThat(contents.bytes()).isZero();
    }
}
