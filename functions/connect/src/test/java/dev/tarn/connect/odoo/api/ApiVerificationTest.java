package dev.tarn.connect.odoo.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.connect.extract.SourceVerdict;
import dev.tarn.connect.extract.TableVerdict;
import dev.tarn.connect.extract.Verification;
import dev.tarn.model.Plan;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.TableSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiVerificationTest extends OnTinyOdoo {

    private static final Plan PLAN = new Plan("hash", "project", ZoneId.of("UTC"), List.of(), List.of(), List.of());
    private static final TableSource.Table MOVES = table("account_move");

    @BeforeEach
    void withAmounts() {
        moves.field("amount_total", "monetary");
        moves.field("sequence_number", "integer");
    }

    private void move(long id, Instant written, String amount) {
        moves.put(id, written, record -> record.put("name", "INV/" + id)
                .put("amount_total", new BigDecimal(amount))
                .put("sequence_number", id));
    }

    private void moves(int count) {
        for (int id = 1; id <= count; id++) {
            move(id, NINE, id + ".1");
        }
    }

    private SourceVerdict verify(Verification.Summand... sums) {
        return new ApiVerification(lake.lake(), access(source(LENIENT, MOVES)), PLAN, (table, column) -> true)
                .run(List.of(MOVES), List.of(sums));
    }

    private TableVerdict.Compared compared() {
        return (TableVerdict.Compared) verify().tables().get(0);
    }

    private static TableVerdict.Rows rows(String... ids) {
        return new TableVerdict.Rows(ids.length, List.of(ids));
    }

    private static final TableVerdict.Rows NONE = rows();

    @Test
    void whatWasReadIsEqualAndNoNumbersAreReadForIt() {
        moves(25_000);
        extract().extract();
        int before = odoo.requests().size();

        SourceVerdict verdict = verify();

        assertThat(verdict.equal()).isTrue();
        assertThat(verdict.snapshot()).isNull();
        assertThat(verdict.asOf()).isEqualTo(clock.instant());
        assertThat(verdict.limits())
                .containsExactly(
                        "Odoo's API shows no snapshot: a record is as it was when it was listed, and what tarn@example.com may"
                                + " not see is not there.",
                        "Numbers are compared by their sums, everything else by write_date alone.");
        TableVerdict.Compared moves = (TableVerdict.Compared) verdict.tables().get(0);
        assertThat(moves.key()).containsExactly("id");
        assertThat(moves.sourceRows()).isEqualTo(25_000);
        assertThat(moves.lakeRows()).isEqualTo(25_000);
        assertThat(moves.sums())
                .extracting(sum ->
                        sum.column() + " " + sum.lake().stripTrailingZeros().toPlainString())
                .containsExactly("amount_total 312515000", "sequence_number 312512500");
        assertThat(odoo.requests().subList(before, odoo.requests().size()))
                .filteredOn(request -> request.body().contains("amount_total"))
                .extracting(LoopbackServer.Request::path)
                .as("sums of ranges of ids and no records")
                .hasSize(3)
                .containsOnly("/json/2/account.move/formatted_read_group");
    }

    @Test
    void anOlderOdooIsAskedInItsOwnWay() throws IOException {
        odoo.close();
        odoo = TinyOdoo.start(17);
        moves = odoo.model("account.move", Map.of("name", "char", "amount_total", "monetary"));
        move(1, NINE, "1.10");
        move(2, NINE, "2.20");
        TableSource given = source(LENIENT, MOVES);
        SourceConnection.OdooApi newer = (SourceConnection.OdooApi) given.connection();
        TableSource older = new TableSource(
                given.name(),
                new SourceConnection.OdooApi(
                        newer.url(), newer.database(), newer.user(), newer.secret(), 17, "en_US", List.of()),
                given.every(),
                given.deletes(),
                given.fields(),
                given.tables(),
                given.position());
        extract(older).extract();
        ApiVerification verification = new ApiVerification(lake.lake(), access(older), PLAN, (table, column) -> true);
        assertThat(verification.run(List.of(MOVES), List.of()).equal()).isTrue();
        assertThat(odoo.requests()).anyMatch(request -> request.body().contains("\"read_group\""));

        move(2, NINE.minus(Duration.ofDays(1)), "2.30");

        assertThat(verification.run(List.of(MOVES), List.of()).equal()).isFalse();
    }

    @Test
    void whatWasWrittenAfterTheLastLookIsToCome() {
        moves(3);
        extract().extract();
        move(2, NINE.plusSeconds(5), "7.00");
        move(4, NINE.plusSeconds(5), "8.00");

        TableVerdict.Compared before = compared();

        assertThat(before.differs()).isFalse();
        assertThat(before.toCome()).isEqualTo(rows("2", "4"));
        assertThat(before.sourceRows()).isEqualTo(4);
        assertThat(before.sums().get(0).source())
                .as("of those that are not to come")
                .isEqualByComparingTo("4.2");
        extract().extract();
        assertThat(compared().toCome()).isEqualTo(NONE);
        assertThat(compared().sums().get(0).lake()).isEqualByComparingTo("19.2");
    }

    @Test
    void aLateTransactionIsToComeWithinTheHourAndMissingBeyondIt() {
        moves(3);
        extract().extract();
        move(4, NINE.minus(Duration.ofMinutes(60)), "1.00");
        move(5, NINE.minus(Duration.ofMinutes(61)), "2.00");

        TableVerdict.Compared before = compared();

        assertThat(before.differs()).isTrue();
        assertThat(before.toCome()).isEqualTo(rows("4"));
        assertThat(before.missing()).isEqualTo(rows("5"));
        assertThat(before.missingInBronze()).isEqualTo(1);
        assertThat(before.remarks())
                .containsExactly("What bronze lacks was written by a transaction of more than 60 minutes, or past Odoo;"
                        + " tarn odoo reconcile --source odoo --table account_move reads it.");
        look().read(false);
        assertThat(compared().toCome()).as("the next look brought it").isEqualTo(NONE);
        assertThat(compared().missing()).as("and not this one").isEqualTo(rows("5"));
        extract().reconcile(List.of(MOVES), OptionalLong.empty());
        assertThat(verify().equal()).isTrue();
    }

    @Test
    void aChangeWithoutANewDateShowsInTheSumsAndResyncReadsIt() {
        moves(3);
        move(4, NINE.plus(Duration.ofMinutes(10)).plusSeconds(1), "0");
        extract().extract();
        move(2, NINE, "2.11");

        TableVerdict.Compared before = compared();

        assertThat(before.other()).isEqualTo(rows("2"));
        assertThat(before.sums().get(0).source().subtract(before.sums().get(0).lake()))
                .isEqualByComparingTo("0.01");
        assertThat(before.remarks())
                .containsExactly("No look reads changes without a new date; tarn odoo resync --source odoo --table"
                        + " account_move reads all records once more.");
        look().read(false);
        assertThat(compared().other()).as("no look brings it").isEqualTo(rows("2"));
        extract().resync(List.of(MOVES), OptionalLong.empty());
        assertThat(verify().equal()).isTrue();
    }

    @Test
    void aSecondChangeWithinTheSameSecondIsToCome() {
        moves(3);
        extract().extract();
        move(2, NINE, "2.11");

        assertThat(compared().toCome()).isEqualTo(rows("2"));
        assertThat(compared().differs()).isFalse();
        look().read(false);
        assertThat(compared().toCome()).isEqualTo(NONE);
    }

    @Test
    void aMissedUpdateIsARowWithOtherValuesEvenIfItsSumsAreTheSame() {
        moves(3);
        move(4, NINE.plus(Duration.ofHours(2)), "0");
        extract().extract();
        move(2, NINE.plusSeconds(1), "2.1");

        assertThat(compared().other()).isEqualTo(rows("2"));
        assertThat(compared().sums()).allMatch(TableVerdict.Sum::equal);
        assertThat(verify().equal()).isFalse();
    }

    @Test
    void aRecordThatWentWhereAnotherCameIsFoundAlthoughNumbersAreEqual() {
        moves(3);
        move(9, NINE.plus(Duration.ofHours(3)), "4.00");
        extract().extract();
        moves.delete(2);
        moves.put(5, NINE, record -> record.put("amount_total", new BigDecimal("2.1"))
                .put("sequence_number", 2));

        TableVerdict.Compared before = compared();

        assertThat(before.sourceRows()).isEqualTo(before.lakeRows());
        assertThat(before.missing()).isEqualTo(rows("5"));
        assertThat(before.gone()).isEqualTo(rows("2"));
        assertThat(before.sums()).allMatch(TableVerdict.Sum::equal);
        extract().reconcile(List.of(MOVES), OptionalLong.of(1));
        assertThat(verify().equal()).isTrue();
    }

    @Test
    void whatIsWrittenWhileItIsComparedIsToCome() {
        moves(3);
        extract().extract();
        AtomicBoolean listed = new AtomicBoolean();
        odoo.beforeEach(() -> {
            List<LoopbackServer.Request> requests = odoo.requests();
            boolean now = requests.get(requests.size() - 1).path().endsWith("formatted_read_group");
            if (now && listed.compareAndSet(false, true)) {
                move(2, NINE.plusSeconds(7), "9.99");
                move(4, NINE.plusSeconds(7), "1.00");
            }
        });

        TableVerdict.Compared meanwhile = compared();

        assertThat(listed).isTrue();
        assertThat(meanwhile.differs()).isFalse();
        assertThat(meanwhile.toCome()).isEqualTo(rows("2", "4"));
    }

    @Test
    void aRowThatSilverLostIsMissingThere() {
        moves(4);
        extract().extract();
        lake.fill(
                "silver.account_move",
                "SELECT i::INTEGER AS id, (i || '.1')::DECIMAL(18,1) AS amount_total FROM (VALUES (1), (2), (4)) AS t(i)");

        TableVerdict.Compared moves = compared();

        assertThat(moves.table()).hasToString("silver.account_move");
        assertThat(moves.missing()).isEqualTo(rows("3"));
        assertThat(moves.missingInBronze()).isZero();
        assertThat(moves.remarks()).isEmpty();
        assertThat(moves.sums())
                .containsExactly(new TableVerdict.Sum(
                        "amount_total", new BigDecimal("10.4"), new BigDecimal("7.3"), Optional.empty()));
    }

    @Test
    void ofAModelWithoutDatesNothingIsMissingAndThatIsSaid() {
        moves.undated();
        moves(2);
        extract().extract();
        assertThat(verify().equal()).isTrue();
        assertThat(compared().remarks()).isEmpty();
        move(3, null, "1.0");

        assertThat(compared().toCome()).isEqualTo(rows("3"));
        assertThat(compared().remarks())
                .containsExactly("account.move has no dates, so what the lake lost cannot be told from what is to come;"
                        + " every look reads all of it.");
    }

    @Test
    void aModelThatWasNeverReadIsNotLoaded() {
        moves(1);

        assertThat(verify().tables())
                .containsExactly(new TableVerdict.NotLoaded(MOVES.relation(), MOVES.target(), false));
        assertThat(verify().equal()).isFalse();
    }

    @Test
    void aColumnThatCannotBeAddedUpIsRefused() {
        moves(1);
        extract().extract();

        assertThat(verify(new Verification.Summand(MOVES, "amount_total")).tables())
                .extracting(table -> ((TableVerdict.Compared) table).sums().size())
                .containsExactly(1);
        assertThatThrownBy(() -> verify(new Verification.Summand(MOVES, "name")))
                .hasMessage(
                        "COLUMN_NOT_FOUND  Column name of account_move cannot be added up: it is not a column of numbers"
                                + " that account_move and bronze.account_move both have and that can be added up exactly.\n"
                                + "    There are amount_total, sequence_number.");
    }
}
