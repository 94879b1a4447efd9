package dev.tarn.connect.odoo.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.model.Layer;
import dev.tarn.model.Plan;
import dev.tarn.model.Relation;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Files of attachments, beside their rows. */
class AttachmentsTest extends OnTinyOdoo {

    private static final String HELLO = "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d";
    private static final String HELLO_PATH = "attachments/odoo/aa/" + HELLO;
    private static final String WORLD = "7c211433f02071597741e6ff5a8ea34789abbf43";
    private static final String PATHS =
            "SELECT id, file_path FROM (SELECT * FROM %s QUALIFY row_number() OVER (PARTITION BY id ORDER BY _seq DESC) = 1)"
                    + " WHERE _op <> 'delete' ORDER BY id";

    private TinyOdoo.Model attachments;

    @BeforeEach
    void aModelOfAttachments() {
        attachments = odoo.model(
                "ir.attachment",
                Map.of(
                        "name", "char",
                        "checksum", "char",
                        "file_size", "integer",
                        "type", "selection",
                        "res_field", "char",
                        "datas", "binary"));
        attachments.hidesFields();
    }

    private void attach(long id, Instant written, String content, String checksum, long size) {
        attachments.put(id, written, record -> record.put("name", "file " + id)
                .put("type", "binary")
                .put("checksum", checksum)
                .put("file_size", size)
                .put("datas", Base64.getEncoder().encodeToString(content.getBytes(UTF_8))));
    }

    private static TableSource.Table table(Integer megabytes) {
        return new TableSource.Table(
                Relation.parse("ir_attachment"),
                new TableName(Layer.BRONZE, "ir_attachment"),
                Set.of(),
                List.of(),
                null,
                null,
                null,
                megabytes,
                new SourcePosition("sources/odoo.yml", 9, 5));
    }

    private ApiExtract extractWith(Integer megabytes) {
        return extract(source(LENIENT, table(megabytes)));
    }

    private List<String> paths() {
        return lake.query("bronze.ir_attachment", PATHS);
    }

    private long reads(int since) {
        return odoo.requests().stream()
                .skip(since)
                .filter(request -> request.path().endsWith("/ir.attachment/read"))
                .count();
    }

    @Test
    void aContentIsKeptOnceAndRowsHaveItsPath() throws IOException {
        attach(1, NINE, "hello", HELLO, 5);
        attach(2, NINE, "hello", HELLO, 5);
        attach(3, NINE, "world", WORLD, 5);
        attachments.put(4, NINE, record -> record.put("type", "url").put("name", "elsewhere"));
        extractWith(5).extract();

        assertThat(paths())
                .containsExactly("1|" + HELLO_PATH, "2|" + HELLO_PATH, "3|attachments/odoo/7c/" + WORLD, "4|null");
        assertThat(new String(lake.lake().storage().read(HELLO_PATH), UTF_8)).isEqualTo("hello");
        assertThat(reads(0)).as("of both contents at once").isEqualTo(1);

        int before = odoo.requests().size();
        attach(5, NINE.plusSeconds(60), "hello", HELLO, 5);
        extractWith(5).extract();

        assertThat(paths()).contains("5|" + HELLO_PATH);
        assertThat(reads(before)).as("the content is there").isZero();
    }

    @Test
    void filesThatAreTooLargeOrGoneOrReplacedMeanwhileHaveNoPath() throws IOException {
        attach(1, NINE, "hello", HELLO, 5_000_001);
        attachments.put(2, NINE, record -> record.put("type", "binary")
                .put("checksum", WORLD)
                .put("file_size", 5));
        String replaced = "0123456789abcdef0123456789abcdef01234567";
        attach(3, NINE, "newer", replaced, 5);
        extractWith(5).extract();

        assertThat(paths()).containsExactly("1|null", "2|null", "3|null");
        assertThat(lake.lake().storage().find("attachments/odoo/01/" + replaced))
                .as("no content stands under the name of another")
                .isEmpty();
    }

    @Test
    void askedForLaterTheFilesOfAllRowsComeBehind() {
        attach(1, NINE, "hello", HELLO, 5);
        extractWith(null).extract();
        assertThat(reads(0)).isZero();

        List<Extracted> landed = extractWith(1).extract();

        assertThat(landed.get(0).remarks())
                .containsExactly(
                        "Column file_path of ir.attachment is new and was added to bronze.ir_attachment; the model"
                                + " was read once more.");
        assertThat(paths()).containsExactly("1|" + HELLO_PATH);
    }

    @Test
    void aRecordThatOnlyAComparisonFindsHasItsFileToo() {
        attach(1, NINE, "hello", HELLO, 5);
        extractWith(1).extract();
        attach(2, NINE.minus(Duration.ofDays(1)), "world", WORLD, 5);

        extractWith(1).reconcile(List.of(table(1)), OptionalLong.empty());

        assertThat(paths()).containsExactly("1|" + HELLO_PATH, "2|attachments/odoo/7c/" + WORLD);
    }

    @Test
    void largeFilesAreAskedForOneByOne() {
        for (int id = 1; id <= 3; id++) {
            String sum = List.of(HELLO, WORLD, "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8")
                    .get(id - 1);
            attach(id, NINE, List.of("hello", "world", "a").get(id - 1), sum, 3_000_000);
        }
        extractWith(3).extract();

        assertThat(reads(0)).isEqualTo(3);
        assertThat(paths()).hasSize(3).noneMatch(row -> row.endsWith("null"));
    }

    @Test
    void attachmentsThatAreFieldsOfRecordsAreReadByTheFirstLook() {
        attach(1, NINE, "hello", HELLO, 5);
        attachments.put(2, NINE, record -> record.put("name", "image_1920").put("res_field", "image_1920"));
        TableSource.Table table = table(null);

        List<Extracted> landed = extractWith(null).extract();

        List<String> remarks = new ArrayList<>();
        landed.forEach(extracted -> remarks.addAll(extracted.remarks()));
        assertThat(remarks).as("nothing was found by comparing").isEmpty();
        assertThat(landed.get(0).rows()).isEqualTo(2);
        Plan plan = new Plan("hash", "project", ZoneId.of("UTC"), List.of(), List.of(), List.of());
        assertThat(new ApiVerification(lake.lake(), access(source(LENIENT, table)), plan, (name, column) -> true)
                        .run(List.of(table), List.of())
                        .equal())
                .isTrue();
    }
}
