package dev.tarn.connect.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.TestLake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.FileDrop;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workbooks that are in a storage account, and have to be copied before they can be read. */
class ExcelElsewhereTest {

    @TempDir
    Path temp;

    /** No file is one of this machine. */
    private static Storage elsewhere(Storage storage) {
        return (Storage) Proxy.newProxyInstance(
                Storage.class.getClassLoader(), new Class<?>[] {Storage.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("localFile")) {
                        return Optional.empty();
                    }
                    try {
                        return method.invoke(storage, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void put(String name, byte[] content) throws IOException {
        Path file = temp.resolve("lake/landing/bank").resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    }

    @Test
    void theyAreReadAndTheirCopiesDeleted() throws IOException {
        byte[] noise = new byte[(1 << 20) + 1];
        new Random(7).nextBytes(noise);
        put("a.xlsx", new TestWorkbook(TestWorkbook.rows("id|name", "1|x")).bytes());
        put("b.xlsx", noise);
        put("c.xlsx", "no workbook".getBytes(StandardCharsets.UTF_8));
        Path workspace = temp.resolve("workspace");

        try (DropFolder excel = new DropFolder(temp.resolve("other")).format(FileDrop.Format.EXCEL);
                TestLake lake = TestLake.open(elsewhere(new LocalStorage(temp.resolve("lake"))), workspace)) {
            new DropLook(lake.lake(), excel.drop(), ZoneId.of("UTC"), new BatchSize(10, 1 << 30, 1 << 20))
                    .look(() -> false);

            try (Stream<Path> left = Files.walk(workspace)) {
                assertThat(left.map(Path::toString))
                        .noneMatch(path -> path.endsWith(".excel") || path.endsWith(".xlsx"));
            }
        }

        try (TestLake lake = TestLake.open(temp, workspace)) {
            assertThat(lake.query("bronze.bank", "SELECT id, name FROM %s")).containsExactly("1|x");
            assertThat(lake.query("bronze.bank_quarantine", "SELECT _file, _reason FROM %s ORDER BY ALL"))
                    .containsExactly(
                            "landing/bank/b.xlsx|it has more than the 1 MiB that there is room for on this machine",
                            "landing/bank/c.xlsx|it is no workbook of Excel (.xlsx)");
        }
    }
}
