package dev.tarn.engine.lake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeTest {

    @Test
    void aNewLakeGetsTheLayoutOfThisVersion(@TempDir Path root) throws IOException {
        LakeFormat.check(new LocalStorage(root));

        assertThat(root.resolve("tarn/format.json")).hasContent("{\"layout\":1}");
    }

    @Test
    void aLakeOfANewerLayoutIsRefusedAndLeftAsItIs(@TempDir Path root) throws IOException {
        LocalStorage storage = new LocalStorage(root);
        storage.put("tarn/format.json", "{\"layout\":2}".getBytes(UTF_8));

        assertThatThrownBy(() -> LakeFormat.check(storage))
                .hasMessage("LAKE_FORMAT_NEWER  The lake at " + root
                        + " has layout 2; this version of Tarn knows up to 1.\n"
                        + "    Use the newer Tarn that wrote it, or another --root. Nothing was changed.");
        assertThat(root.resolve("tarn/format.json")).hasContent("{\"layout\":2}");
    }

    @Test
    void aFormatThatSaysNothingIsRefused(@TempDir Path root) throws IOException {
        LocalStorage storage = new LocalStorage(root);
        for (String content : new String[] {"", "{", "{}", "[]"}) {
            storage.put("tarn/format.json", content.getBytes(UTF_8));

            assertThatThrownBy(() -> LakeFormat.check(storage))
                    .as(content)
                    .hasMessage("LAKE_DAMAGED  The lake at " + root + " has a tarn/format.json without a layout.\n"
                            + "    Restore the file from a backup; it holds {\"layout\":1} in a lake of this version.");
        }
    }

    @Test
    void aRootThatCannotBeWrittenIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThatThrownBy(() -> LakeFormat.check(new LocalStorage(file.resolve("lake"))))
                .hasMessageStartingWith(
                        "LAKE_NOT_WRITABLE  The lake at " + file.resolve("lake") + " cannot be written: ")
                .hasMessageEndingWith(
                        " at tarn/format.json.\n    Choose another place with --root, or give this user the "
                                + "right to create folders and files there.");
    }
}
