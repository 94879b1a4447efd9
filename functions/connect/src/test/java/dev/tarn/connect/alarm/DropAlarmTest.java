package dev.tarn.connect.alarm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.TestLake;
import dev.tarn.connect.files.DropLook;
import dev.tarn.model.AlarmType;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DropPath;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Notify;
import dev.tarn.model.Operation;
import dev.tarn.model.Plan;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People are told of dropped files that cannot be read, for as long as they lie there. */
class DropAlarmTest {

    private static final SourcePosition HERE = new SourcePosition("sources/files.yml", 4, 11);
    private static final FileDrop BANK = new FileDrop(
            "files",
            "bank",
            TableName.parse("bronze.bank"),
            new DropPath("bank/**"),
            FileDrop.Format.CSV,
            FileDrop.Options.USUAL,
            List.of(new Column("id", DataType.Simple.INT), new Column("name", DataType.Simple.STRING)),
            FileDrop.Unknown.RESCUE,
            FileDrop.Keep.ALL,
            FileDrop.SameFile.SKIP,
            HERE);

    @TempDir
    Path folder;

    private final List<String> told = new ArrayList<>();
    private AlarmReceiver receiver;
    private TestLake lake;

    @BeforeEach
    void open() throws IOException {
        receiver = AlarmReceiver.open();
        lake = TestLake.open(folder);
    }

    @AfterEach
    void close() {
        lake.close();
        receiver.close();
    }

    private void drop(String file, byte[] content) throws IOException {
        Path path = folder.resolve("lake/landing/bank").resolve(file);
        Files.createDirectories(path.getParent());
        Files.write(path, content);
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(60)));
    }

    private void lookAndCheck() {
        new DropLook(lake.lake(), BANK, ZoneId.of("Asia/Manila")).look(() -> false);
        check();
    }

    private void check() {
        Plan plan = new Plan(
                "0123456789abcdef",
                "shop",
                ZoneId.of("Asia/Manila"),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(BANK),
                new Operation(
                        "prod",
                        Duration.ofMinutes(10),
                        2,
                        new Notify(receiver.url(), new SecretRef("n8n-notify"), List.of(AlarmType.QUARANTINE), HERE)));
        new Alarms(lake.lake(), notify -> AlarmReceiver.SECRET).check(plan, flow -> Optional.empty(), told::add);
    }

    @Test
    void aFileThatCannotBeReadIsToldOfUntilItIsReplaced() throws IOException {
        drop("may.csv", new byte[] {0x1f, (byte) 0x8b, 8, 0, 1});
        lookAndCheck();
        check();

        assertThat(told).containsExactly("Told of quarantine of landing/bank/may.csv.");
        assertThat(receiver.last().path("what").asText())
                .isEqualTo("landing/bank/may.csv cannot be read: its packed form is broken or ends too early.");
        assertThat(receiver.last().path("effect").asText())
                .isEqualTo(
                        "What cannot be read is missing in bronze.bank and in what is made from it; nothing else is.");
        assertThat(receiver.last().path("mend").asText())
                .isEqualTo("See it with tarn quarantine show bronze.bank --target prod. Mend the file where it lies, or"
                        + " delete it.");

        drop("may.csv", "id,name\n1,A\n".getBytes(UTF_8));
        lookAndCheck();
        assertThat(receiver.heard())
                .containsExactly("quarantine landing/bank/may.csv", "mended quarantine landing/bank/may.csv");
    }

    @Test
    void recordsOfAFileAreToldOfUntilItIsGone() throws IOException {
        drop("may.csv", "id,name\n1,A\n2,B,C\n3\n".getBytes(UTF_8));
        lookAndCheck();

        assertThat(receiver.last().path("what").asText())
                .isEqualTo("2 records of landing/bank/may.csv cannot be read.");
        assertThat(receiver.last().path("mend").asText())
                .isEqualTo(
                        "See it with tarn quarantine show bronze.bank --target prod. Drop the records anew, corrected and"
                                + " alone, and delete this file.");

        Files.delete(folder.resolve("lake/landing/bank/may.csv"));
        lookAndCheck();
        assertThat(receiver.heard())
                .containsExactly("quarantine landing/bank/may.csv", "mended quarantine landing/bank/may.csv");
    }
}
