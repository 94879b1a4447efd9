package dev.tarn.connect.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.connect.TestLake;
import dev.tarn.engine.storage.Lease;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DropPath;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Operation;
import dev.tarn.model.Plan;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DropLooksTest {

    @TempDir
    Path folder;

    private TestLake lake;
    private final List<String> told = new ArrayList<>();

    @BeforeEach
    void open() {
        lake = TestLake.open(folder);
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private static FileDrop drop(String name, FileDrop.Unknown schema) {
        return new FileDrop(
                "files",
                name,
                TableName.parse("bronze." + name),
                new DropPath(name + "/*.csv"),
                FileDrop.Format.CSV,
                FileDrop.Options.USUAL,
                List.of(new Column("id", DataType.Simple.INT)),
                schema,
                FileDrop.Keep.ALL,
                FileDrop.SameFile.SKIP,
                new SourcePosition("sources/files.yml", 4, 11));
    }

    private static Plan plan(FileDrop... drops) {
        return new Plan(
                "0123456789abcdef",
                "files",
                ZoneId.of("UTC"),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(drops),
                Operation.USUAL);
    }

    private void put(String name, String content) throws IOException {
        Path file = folder.resolve("lake/landing").resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(60)));
    }

    private DropLooks looks() {
        return new DropLooks(lake.lake());
    }

    @Test
    void aFileThatArrivesIsReadWithItsDropAlone() throws IOException {
        Plan plan = plan(drop("bank", FileDrop.Unknown.RESCUE), drop("budget", FileDrop.Unknown.RESCUE));
        put("bank/a.csv", "id\n1\n2\n");
        put("budget/a.csv", "id\n1\n");

        looks().arrived(plan, "landing/bank/a.csv", () -> false, told::add);
        looks().arrived(plan, "landing/bank/a.csv", () -> false, told::add);
        looks().arrived(plan, "landing/other/a.csv", () -> false, told::add);

        assertThat(told.get(0)).matches("bronze.bank: 2 rows of files into version 1 in \\d+ ms");
        assertThat(told.subList(1, told.size()))
                .containsExactly("landing/other/a.csv belongs to no drop of the plan, so it stays where it is.");
        assertThat(lake.lake().table(TableName.parse("bronze.budget")).snapshot())
                .isEmpty();
    }

    @Test
    void aLookWithoutTimeSaysWhichDropsItLeaves() throws IOException {
        Plan plan = plan(drop("bank", FileDrop.Unknown.RESCUE), drop("budget", FileDrop.Unknown.RESCUE));
        put("bank/a.csv", "id\n1\n");
        put("bank/b.csv", "id\n2\n");

        List<Unit> left = looks().look(plan, () -> true, told::add);
        List<Unit> rest = looks().look(plan, left.get(0).name()::equals, () -> false, told::add);

        assertThat(left).contains(new Unit(Unit.Kind.FILES, "bronze.bank"));
        assertThat(rest).isEmpty();
        assertThat(lake.query("bronze.bank", "SELECT id FROM %s ORDER BY id")).containsExactly("1", "2");
    }

    @Test
    void aSweepReadsEveryDropWhateverOneRefuses() throws IOException {
        Plan plan = plan(drop("bank", FileDrop.Unknown.FAIL_ON_NEW_COLUMNS), drop("budget", FileDrop.Unknown.RESCUE));
        put("bank/a.csv", "id,more\n1,2\n");
        put("budget/a.csv", "id\n1\n");

        assertThatThrownBy(() -> looks().look(plan, () -> false, told::add))
                .hasMessage(
                        """
                sources/files.yml:4:11  SCHEMA_CHANGED  landing/bank/a.csv has a column more, which bronze.bank does not have, and schema: failOnNewColumns refuses it.
                    Add it to columns, or write schema: rescue or schema: addNewColumns; the file is then read.""");
        assertThat(lake.query("bronze.budget", "SELECT id FROM %s")).containsExactly("1");
    }

    @Test
    void whoeverFindsTheDropBeingReadLeaves() throws IOException {
        put("bank/a.csv", "id\n1\n");
        Lease lease = lake.lake().storage().lease("tarn/leases/files.bank").orElseThrow();

        looks().look(plan(drop("bank", FileDrop.Unknown.RESCUE)), () -> false, told::add);
        lease.close();

        assertThat(told).containsExactly("bronze.bank: its files are being read by somebody else");
    }
}
