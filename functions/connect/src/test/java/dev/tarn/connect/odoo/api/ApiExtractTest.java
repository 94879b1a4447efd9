package dev.tarn.connect.odoo.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.connect.extract.DeleteLimit;
import dev.tarn.model.DeleteCheck;
import dev.tarn.model.SecretRef;
import dev.tarn.model.TableSource;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ApiExtractTest extends OnTinyOdoo {

    @Test
    void recordsComeOnceAndAgainWhenTheyChange() {
        put(1, NINE, "a");
        put(2, NINE, "b");
        put(3, NINE.plusMillis(700), "c");
        ApiExtract extract = extract();

        assertThat(extract.extract()).extracting(Extracted::rows).containsExactly(3L);
        assertThat(extract.extract()).extracting(Extracted::version).containsExactly(OptionalLong.empty());
        put(2, NINE.plusSeconds(60), "b2");
        put(4, NINE.plusSeconds(60), "d");
        assertThat(extract.extract()).extracting(Extracted::rows).containsExactly(2L);

        assertThat(lake.query("bronze.account_move", ALL))
                .containsExactly("1|a|upsert|1", "2|b|upsert|1", "3|c|upsert|1", "2|b2|upsert|2", "4|d|upsert|2");
    }

    @Test
    void aTransactionThatCommitsLateIsSeenByTheNextLook() {
        put(1, NINE, "a");
        put(2, NINE.plusSeconds(3000), "b");
        ApiExtract extract = extract();
        extract.extract();

        put(1, NINE.plusSeconds(600), "late");
        put(9, NINE.plusSeconds(600), "late and new");
        put(2, NINE.plusSeconds(3000), "of the same second");
        assertThat(extract.extractDue()).as("nothing is due yet").isEmpty();
        assertThat(look().read(false).rows()).isEqualTo(3);

        assertThat(lake.query("bronze.account_move", NOW))
                .containsExactly("1|late", "2|of the same second", "9|late and new");
    }

    @Test
    void whatCommitsLaterThanTheOverlapIsFoundByComparingDates() {
        put(1, NINE, "a");
        put(2, NINE.plusSeconds(30_000), "b");
        extract().extract();
        put(1, NINE.plusSeconds(1), "changed by a transaction of eight hours");
        put(3, NINE.plusSeconds(1), "made by it");

        List<Extracted> found = extract().extract();

        assertThat(found.get(0).remarks())
                .containsExactly(
                        "2 records of account.move that no look had seen were found by comparing ids and dates and"
                                + " read now; a transaction took longer than 60 minutes, or somebody wrote past Odoo.");
        assertThat(lake.query("bronze.account_move", NOW))
                .containsExactly("1|changed by a transaction of eight hours", "2|b", "3|made by it");
    }

    @Test
    void deletedRecordsLeaveTheirLastValues() {
        put(1, NINE, "a");
        put(2, NINE, "b");
        extract().extract();
        moves.delete(1);
        extract().extract();

        assertThat(lake.query("bronze.account_move", "SELECT id, name, _op, _seq, _reason FROM %s ORDER BY _seq, id"))
                .containsExactly(
                        "1|a|upsert|1|null",
                        "2|b|upsert|1|null",
                        "1|a|delete|2|account.move had no such id for tarn@example.com at 2026-11-22T12:00:00Z");
        assertThat(extract().extract().get(0).version()).as("told once").isEmpty();
        put(1, NINE, "a");
        extract().extract();
        assertThat(lake.query("bronze.account_move", NOW)).containsExactly("1|a", "2|b");
    }

    @Test
    void aRecordInThePlaceOfAnotherIsFoundAtTheLatestWhenItsRangeIsListedInTurn() {
        for (int i = 1; i <= 25_000; i++) {
            put(2L * i, NINE, "a");
        }
        Extracted read = look().read(false);
        moves.delete(30_002);
        put(30_001, NINE.minusSeconds(90_000), "of an old transaction");
        DeleteLimit limit =
                DeleteLimit.of(new DeleteCheck(Duration.ofHours(1), new BigDecimal("0.01")), OptionalLong.empty());

        look().compare(read, limit, OptionalLong.of(16));
        assertThat(lake.query("bronze.account_move", NOW)).hasSize(25_000).contains("30002|a");
        look().compare(read, limit, OptionalLong.of(17));
        assertThat(lake.query("bronze.account_move", NOW))
                .hasSize(25_000)
                .contains("30001|of an old transaction")
                .doesNotContain("30002|a");
    }

    @Test
    void archivedAndUndatedRecordsAreRecords() {
        moves.put(1, NINE, false, record -> record.put("name", "archived"));
        put(2, null, "undated");
        extract().extract();
        put(2, null, "changed by SQL");
        extract().extract();

        assertThat(lake.query("bronze.account_move", NOW)).containsExactly("1|archived", "2|changed by SQL");
    }

    @Test
    void modelsWithoutDatesAreReadWholeAndLandWhatDiffers() {
        TinyOdoo.Model rates = odoo.model("res.rate", Map.of("name", "char"));
        rates.undated();
        rates.put(1, NINE, record -> record.put("name", "one"));
        rates.put(2, NINE, record -> record.put("name", "two"));
        extract(source(LENIENT, table("res_rate"))).extract();
        rates.put(2, NINE, record -> record.put("name", "three"));
        rates.delete(1);

        assertThat(extract(source(LENIENT, table("res_rate"))).extract().get(0).rows())
                .isEqualTo(2);
        assertThat(lake.query("bronze.res_rate", NOW)).containsExactly("2|three");
    }

    @Test
    void aNewFieldIsAddedAndFilled() {
        put(1, NINE, "a");
        put(2, NINE.plusSeconds(90_000), "b");
        extract().extract();
        moves.field("x_region", "char");
        moves.put(1, NINE, record -> record.put("name", "a").put("x_region", "north"));

        assertThat(extract().extract().get(0).remarks())
                .containsExactly(
                        "Column x_region of account.move is new and was added to bronze.account_move; the model was"
                                + " read once more.");
        assertThat(lake.query("bronze.account_move", "SELECT id, x_region FROM %s ORDER BY _seq, id"))
                .containsExactly("1|null", "2|null", "1|north");
        assertThat(extract().extract().get(0).remarks()).isEmpty();
    }

    @Test
    void aNewFieldIsFilledThoughTheFirstPiecesHaveNothingInIt() {
        for (int i = 1; i <= 300; i++) {
            put(i, NINE.plusSeconds(i), "a");
        }
        look().read(false);
        moves.field("x_region", "char");
        moves.put(300, NINE.plusSeconds(300), record -> record.put("name", "a").put("x_region", "north"));
        odoo.cap(20);

        assertThat(look(30).read(false).rows()).isEqualTo(1);
        assertThat(lake.query("bronze.account_move", "SELECT id, x_region FROM %s WHERE x_region IS NOT NULL"))
                .containsExactly("300|north");
        assertThat(look(30).read(false).remarks()).isEmpty();
    }

    @Test
    void aCopyIsGoneThroughToItsEndThoughItsFirstPiecesAreTheSame() {
        for (int i = 1; i <= 300; i++) {
            put(i, NINE.plusSeconds(i), "a");
        }
        look().read(false);
        put(300, NINE.plusSeconds(300), "b");
        odoo.cap(20);
        TableSource source = source(LENIENT, table("account_move"));
        ApiLogin copy = new ApiLogin(
                "odoo",
                null,
                odoo.login().url(),
                "copy",
                "tarn@example.com",
                new SecretRef("odoo-api-key"),
                odoo.login().key());
        OdooRecords records = OdooRecords.open(OdooApi.connect(copy, clock.patience()), "en_US", List.of());

        assertThat(new ModelLook(lake.lake(), source, source.tables().get(0), records, "account.move", 30)
                        .read(true)
                        .rows())
                .isEqualTo(1);
        assertThat(lake.query("bronze.account_move", NOW)).hasSize(300).contains("300|b");
    }

    @Test
    void connectingTellsWhatWasFound() {
        assertThat(extract().connect()).isEqualTo("o19 (19.0) by JSON-2 as tarn@example.com, 2 companies");
    }

    @Test
    void aFirstReadingThatBreaksOffGoesOn() {
        for (int i = 1; i <= 3000; i++) {
            put(i, NINE.plusSeconds(i / 7), "a");
        }
        OdooRecords records = OdooRecords.open(OdooApi.connect(odoo.login(), clock.patience()), "en_US", List.of());
        int[] requests = {0};
        odoo.beforeEach(() -> {
            if (++requests[0] > 12) {
                throw new IllegalStateException("the server dies");
            }
        });
        TableSource source = source(LENIENT, table("account_move"));
        assertThatThrownBy(
                        () -> new ModelLook(lake.lake(), source, source.tables().get(0), records, "account.move", 500)
                                .read(false))
                .hasMessageContaining("SOURCE_UNREACHABLE");
        int landed = lake.query("bronze.account_move", NOW).size();
        assertThat(landed).isBetween(500, 2999);

        odoo.beforeEach(() -> {});
        assertThat(new ModelLook(lake.lake(), source, source.tables().get(0), records, "account.move", 500)
                        .read(false)
                        .rows())
                .as("only the rest")
                .isEqualTo(3000L - landed);
        assertThat(lake.query("bronze.account_move", NOW)).hasSize(3000);
    }
}
