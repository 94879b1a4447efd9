package dev.tarn.connect.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.model.FieldPolicy;
import dev.tarn.model.FieldPolicy.Added;
import dev.tarn.model.FieldPolicy.Removed;
import dev.tarn.model.FieldPolicy.Retyped;
import dev.tarn.model.TableSource;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangedColumnsTest extends OnSmallOdoo {

    private static final TableSource.Table MOVE = SmallOdoo.table("account_move");
    private static final String REGION = "ALTER TABLE account_move ADD COLUMN x_region varchar";

    @BeforeEach
    void aTableThatWasRead() throws SQLException {
        odoo("INSERT INTO account_move SELECT i, 'A', i, '2026-01-01' FROM generate_series(1, 10) AS i");
        extract(MOVE);
    }

    @Test
    void aNewColumnIsAddedWithWhatRowsGetFromThenOn() throws SQLException {
        odoo(REGION, "UPDATE account_move SET x_region = 'north' WHERE id = 1");

        List<Extracted> extracted = extract(MOVE);

        assertThat(extracted).extracting(Extracted::rows).containsExactly(1L);
        assertThat(extracted.get(0).remarks())
                .containsExactly("Column x_region of account_move is new and was added to bronze.account_move.");
        assertThat(lake.query(MOVES, "SELECT id, x_region FROM (" + NOW + ") WHERE id < 3"))
                .containsExactly("1|north", "2|null");
    }

    @Test
    void aNewColumnWhoseDefaultWasNeverWrittenMakesTheTableBeReadAgain() throws SQLException {
        odoo(REGION + " DEFAULT 'north'");

        assertThat(extract(MOVE)).extracting(Extracted::rows).containsExactly(10L);
        assertThat(lake.query(MOVES, "SELECT DISTINCT x_region FROM (" + NOW + ")"))
                .containsExactly("north");
        assertThat(extract(MOVE)).as("once").extracting(Extracted::rows).containsExactly(0L);
    }

    @Test
    void aColumnThatIsNoLongerExcludedMakesTheTableBeReadAgain() throws SQLException {
        odoo(REGION, "UPDATE account_move SET x_region = 'north'");
        extract(SmallOdoo.table("account_move", "x_region"));

        assertThat(extract(MOVE)).extracting(Extracted::rows).containsExactly(10L);
        assertThat(lake.query(MOVES, "SELECT DISTINCT x_region FROM (" + NOW + ")"))
                .containsExactly("north");
    }

    @Test
    void aNewColumnCanBeKeptAside() throws SQLException {
        odoo(REGION, "UPDATE account_move SET x_region = 'north', amount_total = 'NaN' WHERE id = 1");

        extraction(policy(Added.RESCUE, Retyped.RESCUE, Removed.WARN)).extract();

        assertThat(lake.query(MOVES, "SELECT _rescued_data FROM %s WHERE _seq = 2"))
                .containsExactly("{\"amount_total\":\"NaN\",\"x_region\":\"north\"}");
        assertThat(lake.snapshot(MOVES).schema().column("x_region")).isEmpty();
    }

    @Test
    void aNewColumnCanBeLeftOut() throws SQLException {
        odoo(REGION, "UPDATE account_move SET x_region = 'north' WHERE id = 1");

        extraction(policy(Added.NONE, Retyped.RESCUE, Removed.WARN)).extract();

        assertThat(lake.snapshot(MOVES).schema().column("x_region")).isEmpty();
        assertThat(lake.query(MOVES, "SELECT _rescued_data FROM %s WHERE _seq = 2"))
                .containsExactly("null");
    }

    @Test
    void aNewColumnCanStopTheTable() throws SQLException {
        odoo(REGION);

        assertThatThrownBy(() -> extraction(policy(Added.FAIL, Retyped.RESCUE, Removed.WARN))
                        .extract())
                .hasMessage("sources/odoo.yml:9:5  SCHEMA_CHANGED  Source odoo: column x_region of account_move is new;"
                        + " bronze.account_move does not have it.\n    Write new_field: add below schema of the source, or add"
                        + " x_region to exclude of account_move.");
        assertThat(lake.snapshot(MOVES).version()).as("as it was").isEqualTo(1);
    }

    @Test
    void aColumnOfAnotherTypeKeepsAsideWhatDoesNotFit() throws SQLException {
        odoo(
                "ALTER TABLE account_move ALTER COLUMN amount_total TYPE varchar USING amount_total::int::text",
                "UPDATE account_move SET amount_total = 'seven' WHERE id = 7");

        List<Extracted> extracted = extract(MOVE);

        assertThat(extracted.get(0).remarks())
                .containsExactly("Column amount_total of account_move is a STRING now; in bronze.account_move it is a"
                        + " DECIMAL(38,18). What does not fit goes to _rescued_data.");
        assertThat(lake.query(
                        MOVES,
                        "SELECT amount_total::DOUBLE, _rescued_data FROM %s WHERE _seq = 2 AND id IN (6, 7)"
                                + " ORDER BY id"))
                .containsExactly("6.0|null", "null|{\"amount_total\":\"seven\"}");
    }

    @Test
    void aColumnOfAnotherTypeCanStopTheTable() throws SQLException {
        odoo("ALTER TABLE account_move ALTER COLUMN amount_total TYPE float8");

        assertThatThrownBy(() -> extraction(policy(Added.ADD, Retyped.FAIL, Removed.WARN))
                        .extract())
                .hasMessage(
                        "sources/odoo.yml:9:5  SCHEMA_CHANGED  Source odoo: column amount_total of account_move is a"
                                + " DOUBLE now; in bronze.account_move it is a DECIMAL(38,18).\n    Write retyped_field: rescue below"
                                + " schema of the source, or add amount_total to exclude of account_move.");
    }

    @Test
    void aKeyOfAnotherTypeStopsTheTableInAnyCase() throws SQLException {
        odoo("ALTER TABLE account_move ALTER COLUMN id TYPE bigint");

        assertThatThrownBy(() -> extract(MOVE))
                .hasMessage(
                        "sources/odoo.yml:9:5  SCHEMA_CHANGED  Source odoo: column id of account_move is a BIGINT now; in"
                                + " bronze.account_move it is a INT, and it tells rows apart.\n    Take the folder of"
                                + " bronze.account_move out of the lake, and the next look reads the table anew; what streams from it"
                                + " then needs tarn update --full-refresh.");
    }

    @Test
    void aColumnThatWasMadeAgainMakesTheTableBeReadAgain() throws SQLException {
        odoo(
                "ALTER TABLE account_move DROP COLUMN name",
                "ALTER TABLE account_move ADD COLUMN name varchar DEFAULT 'all of them'");

        List<Extracted> extracted = extract(MOVE);

        assertThat(extracted).extracting(Extracted::rows).containsExactly(10L);
        assertThat(extracted.get(0).remarks())
                .containsExactly(
                        "Column name of account_move was dropped and made again, so the table was read once more.");
        assertThat(lake.query(MOVES, "SELECT DISTINCT name FROM (" + NOW + ")")).containsExactly("all of them");
    }

    @Test
    void aColumnThatWasMadeAgainCanStopTheTable() throws SQLException {
        odoo("ALTER TABLE account_move DROP COLUMN name", "ALTER TABLE account_move ADD COLUMN name varchar");

        assertThatThrownBy(() -> extraction(policy(Added.FAIL, Retyped.RESCUE, Removed.WARN))
                        .extract())
                .hasMessage(
                        "sources/odoo.yml:9:5  SCHEMA_CHANGED  Source odoo: column name of account_move was dropped and"
                                + " made again, so what was read of it no longer holds.\n    Write new_field: add below schema of the"
                                + " source, and the table is read once more, or add name to exclude of account_move.");
    }

    @Test
    void aColumnThatIsGoneIsToldOrStopsTheTable() throws SQLException {
        odoo("ALTER TABLE account_move DROP COLUMN name", "INSERT INTO account_move VALUES (11, 2, '2026-01-01')");

        assertThatThrownBy(() -> extraction(policy(Added.ADD, Retyped.RESCUE, Removed.FAIL))
                        .extract())
                .hasMessage(
                        "sources/odoo.yml:9:5  SCHEMA_CHANGED  Source odoo: column name of account_move is gone.\n    Write"
                                + " removed_field: warn below schema of the source; new versions of rows then hold NULL in it.");
        assertThat(extract(MOVE).get(0).remarks())
                .containsExactly("Column name of account_move is gone; new versions of rows hold NULL in it.");
        assertThat(lake.query(MOVES, "SELECT id, name FROM (" + NOW + ") WHERE id > 9"))
                .containsExactly("10|A", "11|null");
    }

    @Test
    void whatOneTableRefusesDoesNotStopTheOthers() throws SQLException {
        odoo(REGION, "INSERT INTO res_currency VALUES (4, 'KWD', true, '2026-01-01')");

        assertThatThrownBy(() -> extraction(SmallOdoo.source(
                                new FieldPolicy(Added.FAIL, Retyped.RESCUE, Removed.WARN),
                                MOVE,
                                SmallOdoo.table("res_currency")))
                        .extract())
                .hasMessageContaining("x_region");
        assertThat(lake.query("bronze.res_currency", "SELECT count(*) FROM %s")).containsExactly("4");
    }

    @Test
    void translatedTextsComeInTheProjectsLanguage() throws SQLException {
        odoo(
                "CREATE TABLE ir_model_fields (id int PRIMARY KEY, model varchar, name varchar, translate bool)",
                "INSERT INTO ir_model_fields VALUES (1, 'product.template', 'name', true),"
                        + " (2, 'product.template', 'price', false)",
                "CREATE TABLE product_template (id int PRIMARY KEY, name jsonb, price jsonb)",
                "INSERT INTO product_template VALUES (1, '{\"en_US\": \"Desk\", \"de_DE\": \"Tisch\"}', '{\"1\": 8.0}'),"
                        + " (2, '{\"de_DE\": \"Stuhl\"}', NULL), (3, NULL, NULL)");

        extract(SmallOdoo.table("product_template"));

        assertThat(lake.query("bronze.product_template", "SELECT id, name, name_text, price FROM %s ORDER BY id"))
                .containsExactly(
                        "1|{\"de_DE\": \"Tisch\", \"en_US\": \"Desk\"}|Desk|{\"1\": 8.0}",
                        "2|{\"de_DE\": \"Stuhl\"}|null|null",
                        "3|null|null|null");
        assertThat(lake.snapshot("bronze.product_template").schema().column("price_text"))
                .isEmpty();
    }

    private static TableSource policy(Added added, Retyped retyped, Removed removed) {
        return SmallOdoo.source(new FieldPolicy(added, retyped, removed), MOVE);
    }
}
