package dev.tarn.connect.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.model.TableSource;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ResyncTest extends OnSmallOdoo {

    private static final TableSource.Table MOVE = SmallOdoo.table("account_move");

    @Test
    void aRestoredDatabaseLandsWhatDiffersAndGoesOn() throws SQLException {
        odoo("INSERT INTO account_move SELECT i, 'A', i, '2026-01-01' FROM generate_series(1, 100) AS i");
        extract(MOVE);
        server.execute("postgres", "CREATE DATABASE restored TEMPLATE " + database);
        server.execute("postgres", "DROP DATABASE " + database, "ALTER DATABASE restored RENAME TO " + database);
        odoo(
                "UPDATE account_move SET name = 'B' WHERE id = 1",
                "UPDATE account_move SET name = 'A' WHERE id = 2",
                "DELETE FROM account_move WHERE id = 3",
                "INSERT INTO account_move VALUES (101, 'C', 1, NULL)");
        assertThatThrownBy(() -> extract(MOVE)).hasMessageContaining("SOURCE_RECREATED");

        List<Extracted> resynced = extraction(SmallOdoo.source(MOVE)).resync(List.of(MOVE), OptionalLong.empty());

        assertThat(resynced).extracting(Extracted::rows).containsExactly(3L);
        assertThat(lake.query(MOVES, "SELECT id, name, _op FROM %s WHERE _seq = 2 ORDER BY id"))
                .containsExactly("1|B|upsert", "3|A|delete", "101|C|upsert");
        odoo("UPDATE account_move SET name = 'D' WHERE id = 4");
        assertThat(extract(MOVE))
                .as("from there on")
                .extracting(Extracted::rows)
                .containsExactly(1L);
    }

    @Test
    void whatIsTheSameIsNotLandedAgain() throws SQLException {
        odoo("INSERT INTO account_move SELECT i, NULL, 'NaN', '2026-01-01' FROM generate_series(1, 10) AS i");
        extract(MOVE);

        assertThat(extraction(SmallOdoo.source(MOVE)).resync(List.of(MOVE), OptionalLong.empty()))
                .extracting(Extracted::rows)
                .containsExactly(0L);
        assertThat(lake.snapshot(MOVES).version()).as("its new horizon is kept").isEqualTo(2);
    }
}
