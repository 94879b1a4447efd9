package dev.tarn.connect.odoo.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.connect.TestLake;
import dev.tarn.connect.bronze.Extracted;
import dev.tarn.connect.extract.DeleteLimit;
import dev.tarn.model.DeleteCheck;
import dev.tarn.model.FieldPolicy;
import dev.tarn.model.Layer;
import dev.tarn.model.Relation;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiExtractTest {

    private static final Instant NINE = Instant.parse("2026-11-22T09:00:00Z");
    private static final String NOW =
            "SELECT id, name FROM (SELECT * FROM %s QUALIFY row_number() OVER (PARTITION BY id ORDER BY _seq DESC) = 1)"
                    + " WHERE _op <> 'delete' ORDER BY id";
    private static final String ALL = "SELECT id, name, _op, _seq FROM %s ORDER BY _seq, id";

    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private TestLake lake;
    private TinyOdoo odoo;
    private TinyOdoo.Model moves;

    @BeforeEach
    void open() throws IOException {
        lake = TestLake.open(folder);
        odoo = TinyOdoo.start(19);
        moves = odoo.model("account.move", Map.of("name", "char"));
    }

    @AfterEach
    void close() {
        odoo.close();
        lake.close();
    }

    private void put(long id, Instant written, String name) {
        moves.put(id, written, record -> record.put("name", name));
    }

    private TableSource source(FieldPolicy fields, TableSource.Table... tables) {
        return new TableSource(
                "odoo",
                new SourceConnection.OdooApi(
                        odoo.login().url(),
                        "o19",
                        "tarn@example.com",
                        new SecretRef("odoo-api-key"),
                        19,
                        "en_US",
                        List.of()),
                Duration.ofMinutes(5),
                new DeleteCheck(Duration.ofHours(1), new BigDecimal("0.01")),
                fields,
                Arrays.asList(tables),
                new SourcePosition("sources/odoo.yml", 1, 1));
    }

    private static final FieldPolicy LENIENT =
            new FieldPolicy(FieldPolicy.Added.ADD, FieldPolicy.Retyped.RESCUE, FieldPolicy.Removed.WARN);

    private static TableSource.Table table(String relation, String... exclude) {
        return new TableSource.Table(
                Relation.parse(relation),
                new TableName(Layer.BRONZE, relation),
                Set.of(exclude),
                List.of(),
                null,
                null,
                null,
                new SourcePosition("sources/odoo.yml", 9, 5));
    }

    private ApiExtract extract(TableSource source) {
        return new ApiExtract(
                lake.lake(),
                source,
                (SourceConnection.OdooApi) source.connection(),
                odoo.login().key(),
                clock.patience());
    }

    private ApiExtract extract() {
        return extract(source(LENIENT, table("account_move")));
    }

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
    void moreDeletesThanAllowedWaitUntilSomebodyAcceptsThem() {
        for (int i = 1; i <= 100; i++) {
            put(i, NINE, "a");
        }
        ApiExtract extract = extract();
        extract.extract();
        for (int i = 1; i <= 21; i++) {
            moves.delete(i);
        }
        put(101, NINE.plusSeconds(1), "new all the same");

        List<TableSource.Table> tables = List.of(table("account_move"));
        assertThatThrownBy(() -> extract.reconcile(tables, OptionalLong.empty()))
                .hasMessage(
                        "sources/odoo.yml:9:5  DELETES_HELD  21 of 101 records of account.move are gone from the source,"
                                + " or tarn@example.com no longer sees them, which is more than stop_above lets pass;"
                                + " bronze.account_move keeps them.\n    If it is meant: tarn odoo reconcile --table account_move"
                                + " --accept-deletes 21; if not, look at the rights and companies of tarn@example.com in Odoo.");
        assertThat(lake.query("bronze.account_move", NOW)).hasSize(101).contains("101|new all the same");

        extract.reconcile(tables, OptionalLong.of(21));
        assertThat(lake.query("bronze.account_move", NOW)).hasSize(80);
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

    private ModelLook look() {
        return look(50_000);
    }

    private ModelLook look(int rowsOfAPiece) {
        TableSource source = source(LENIENT, table("account_move"));
        OdooRecords records = OdooRecords.open(OdooApi.connect(odoo.login(), clock.patience()), "en_US", List.of());
        return new ModelLook(lake.lake(), source, source.tables().get(0), records, "account.move", rowsOfAPiece);
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
    void aNewFieldIsRefusedWhereTheProjectSaysSo() {
        FieldPolicy strict =
                new FieldPolicy(FieldPolicy.Added.FAIL, FieldPolicy.Retyped.FAIL, FieldPolicy.Removed.FAIL);
        put(1, NINE, "a");
        extract().extract();
        moves.field("x_region", "char");
        moves.field("name", "boolean");

        assertThatThrownBy(() -> extract(source(strict, table("account_move"))).extract())
                .hasMessage(
                        "sources/odoo.yml:9:5  SCHEMA_CHANGED  Source odoo: column name of account.move is a BOOLEAN now;"
                                + " in bronze.account_move it is a STRING.\n    Write retyped_field: rescue below schema of the"
                                + " source, or add name to exclude of account.move.\n"
                                + "sources/odoo.yml:9:5  SCHEMA_CHANGED  Source odoo: column x_region of account.move is new;"
                                + " bronze.account_move does not have it.\n    Write new_field: add below schema of the source, or add"
                                + " x_region to exclude of account.move.");
    }

    @Test
    void modelsAndFieldsThatAreNotThereAreNamedWithTheirNearest() {
        assertThatThrownBy(() -> extract(source(
                                LENIENT,
                                table("acount_move"),
                                table("stock_quant"),
                                table("account_move_line_account_tax_rel")))
                        .connect())
                .hasMessage(("sources/odoo.yml:9:5  SOURCE_TABLE_MISSING  Source odoo: %1$s has no model acount.move.\n"
                                + "    Nearest: account.move.\n"
                                + "sources/odoo.yml:9:5  SOURCE_TABLE_MISSING  Source odoo: %1$s has no model stock.quant.\n"
                                + "    Correct it, or install the Odoo module that brings it.\n"
                                + "sources/odoo.yml:9:5  SOURCE_TABLE_MISSING  Source odoo:"
                                + " account_move_line_account_tax_rel is no model of %1$s, and by the API there are models"
                                + " only; it looks like the links of a many-to-many field.\n    Use that field of its model,"
                                + " which holds the ids as JSON, or read the database.")
                        .formatted(odoo.login()));
        assertThatThrownBy(() -> extract(source(LENIENT, table("account_move", "nane", "x_secret")))
                        .connect())
                .hasMessage(
                        "sources/odoo.yml:9:5  COLUMN_NOT_FOUND  Source odoo: account.move has no field nane that this"
                                + " user sees and that could be excluded.\n    Nearest: name.\n"
                                + "sources/odoo.yml:9:5  COLUMN_NOT_FOUND  Source odoo: account.move has no field x_secret that this"
                                + " user sees and that could be excluded.\n    Take it out of exclude.");
        assertThatThrownBy(() ->
                        extract(source(LENIENT, table("account_move", "id"))).connect())
                .hasMessage("sources/odoo.yml:9:5  CONFIGURATION_INVALID  Source odoo: without its field id, records of"
                        + " account.move cannot be told apart.\n    Take id out of exclude.");
    }

    @Test
    void aFieldThatBearsTarnsOwnName() {
        moves.field("_seq", "integer");
        assertThatThrownBy(() -> extract().connect())
                .hasMessage(
                        "sources/odoo.yml:9:5  CONFIGURATION_INVALID  Source odoo: field _seq of account.move has the"
                                + " name of another column of the bronze table.\n    Add _seq to exclude of account.move.");
    }

    @Test
    void connectingTellsWhatWasFound() {
        assertThat(extract().connect()).isEqualTo("o19 (19.0) by JSON-2 as tarn@example.com, 2 companies");
    }

    @Test
    void anotherDatabaseIsNotMixedIn() {
        put(1, NINE, "a");
        extract().extract();
        TableSource other = new TableSource(
                "odoo",
                new SourceConnection.OdooApi(
                        odoo.login().url(),
                        "copy",
                        "tarn@example.com",
                        new SecretRef("odoo-api-key"),
                        19,
                        "en_US",
                        List.of()),
                Duration.ofMinutes(5),
                new DeleteCheck(Duration.ofHours(1), new BigDecimal("0.01")),
                LENIENT,
                List.of(table("account_move")),
                new SourcePosition("sources/odoo.yml", 1, 1));

        assertThatThrownBy(() -> extract(other).extract())
                .hasMessage(
                        "sources/odoo.yml:9:5  SOURCE_RECREATED  Source odoo: bronze.account_move was read from somewhere"
                                + " else than " + odoo.login().server()
                                + "/copy, so changes cannot be told from what was read.\n"
                                + "    Correct url and db; if the change is meant, tarn odoo resync reads the tables once more and"
                                + " lands what differs.");
        put(1, NINE, "b");
        extract(other).resync(other.tables(), OptionalLong.empty());
        put(2, NINE, "c");
        extract(other).extract();
        assertThat(lake.query("bronze.account_move", NOW)).containsExactly("1|b", "2|c");
    }

    @Test
    void whatIsMissingInTheConnectionIsSaidBeforeAnythingIsRead() {
        assertThatThrownBy(() -> open(18, "en_US", List.of(), "tarn@example.com"))
                .hasMessage("sources/odoo.yml:1:1  CONFIGURATION_INVALID  Source odoo: it is written for Odoo 18, but "
                        + odoo.login().server()
                        + " is Odoo 19.0.\n    Correct the version, after a look at the columns that"
                        + " your SQL uses, or the url.");
        assertThatThrownBy(() -> open(19, "es_EN", List.of(), "tarn@example.com"))
                .hasMessage("sources/odoo.yml:1:1  CONFIGURATION_INVALID  Source odoo: language es_EN is not active in "
                        + odoo.login() + ".\n    Nearest: es_ES.");
        assertThatThrownBy(() -> open(19, "en_US", List.of(1, 2, 4), "tarn@example.com"))
                .hasMessage(
                        "sources/odoo.yml:1:1  CONFIGURATION_INVALID  Source odoo: tarn@example.com is not allowed into"
                                + " company 2, 4.\n    In Odoo, add it to the user's allowed companies, or correct companies.");
        assertThatThrownBy(() -> open(19, "en_US", List.of(), "admin"))
                .hasMessage(
                        "sources/odoo.yml:1:1  SOURCE_LOGIN_REFUSED  Source odoo: the key in the secret odoo-api-key"
                                + " belongs to another user than admin.\n    Correct user, or set the secret to a key of admin.");
    }

    private void open(int version, String language, List<Integer> companies, String user) {
        SourceConnection.OdooApi connection = new SourceConnection.OdooApi(
                odoo.login().url(), "o19", user, new SecretRef("odoo-api-key"), version, language, companies);
        TableSource source = source(LENIENT, table("account_move"));
        new ApiExtract(lake.lake(), source, connection, odoo.login().key(), clock.patience()).connect();
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
