package dev.tarn.engine.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The part of {@link StorageContract} that is about lists. */
public abstract class ListContract {

    /** Always the same, new lake within one test; a new object with each call. */
    protected abstract Storage storage() throws Exception;

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void allFilesBelowAFolderAreListed() throws Exception {
        storage().put("landing/bank/2024/a.csv", bytes("1"));
        storage().put("landing/bank/b.csv", bytes("22"));
        storage().put("landing/bank_old/c.csv", bytes("3"));
        storage().put("landing/d.csv", bytes("4"));

        assertThat(storage().listBelow("landing/bank"))
                .extracting(StoredFile::path, StoredFile::size)
                .containsExactlyInAnyOrder(tuple("landing/bank/2024/a.csv", 1L), tuple("landing/bank/b.csv", 2L));
        assertThat(storage().listBelow("landing")).hasSize(4);
        assertThat(storage().listBelow("landing/none")).isEmpty();
    }

    @Test
    void aListIsOrderedByBytesAndBeginsWhereItIsTold() throws Exception {
        for (String name : List.of("b", "a", "Z", "a.b", "10", "9", "_last", "\u00e4", "\uff5e", "\ud83d\ude00")) {
            storage().put("bronze/t/" + name, bytes(name));
        }
        storage().put("bronze/t/sub/inner", bytes("x"));
        storage().put("bronze/t2/other", bytes("x"));

        // U+FF5E stands before U+1F600 in UTF-8 and behind it in UTF-16.
        assertThat(names("bronze/t", ""))
                .containsExactly("10", "9", "Z", "_last", "a", "a.b", "b", "\u00e4", "\uff5e", "\ud83d\ude00");
        assertThat(names("bronze/t", "a")).startsWith("a", "a.b");
        assertThat(names("bronze/t", "a.")).startsWith("a.b");
        assertThat(names("bronze/t", "\ud83d\ude00z")).isEmpty();
        assertThat(names("bronze/missing", "")).isEmpty();
        assertThat(storage().list("bronze/t", "b").get(0).path()).isEqualTo("bronze/t/b");
    }

    final List<String> names(String folder, String from) throws Exception {
        return storage().list(folder, from).stream().map(StoredFile::name).toList();
    }
}
