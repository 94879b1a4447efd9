package dev.tarn.connect.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.model.DeleteCheck;
import dev.tarn.model.FieldPolicy;
import dev.tarn.model.Layer;
import dev.tarn.model.Relation;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Any PostgreSQL, which need not be an Odoo. */
class PostgresSourceTest extends OnSmallOdoo {

    @Test
    void aTableOfAnySchemaIsReadWithItsOwnTypes() throws SQLException {
        odoo(
                "CREATE SCHEMA \"my shop\"",
                "CREATE TYPE mood AS ENUM ('low', 'high')",
                """
                CREATE TABLE "my shop"."Order" (id uuid PRIMARY KEY, at timestamp, seen timestamptz, mood mood,
                    tags text[], amount numeric(12,2), "Größe" int)
                """,
                """
                INSERT INTO "my shop"."Order" VALUES ('00000000-0000-0000-0000-000000000001', '2026-03-29 02:30:00',
                    '2026-03-29 02:30:00+02', 'high', '{a,NULL,"b c"}', 12.50, 7)""");
        TableSource source = shop(table("my shop.Order", "orders", List.of()));

        assertThat(extraction(source).connect()).isEqualTo(database + " (PostgreSQL 17)");
        extraction(source).extract();

        assertThat(lake.snapshot("bronze.orders").schema().columns().stream()
                        .limit(7)
                        .map(column -> column.name() + " " + column.type()))
                .containsExactly(
                        "id STRING",
                        "at TIMESTAMP_NTZ",
                        "seen TIMESTAMP",
                        "mood STRING",
                        "tags STRING",
                        "amount DECIMAL(12,2)",
                        "Größe INT");
        assertThat(lake.query("bronze.orders", NOW))
                .containsExactly("00000000-0000-0000-0000-000000000001|2026-03-29 02:30:00|2026-03-29 00:30:00+00|high"
                        + "|[\"a\",null,\"b c\"]|12.50|7");
        odoo("DELETE FROM \"my shop\".\"Order\"");
        assertThat(extraction(source).extract()).extracting(Extracted::rows).containsExactly(1L);
        assertThat(lake.query("bronze.orders", NOW)).isEmpty();
    }

    @Test
    void aPartitionedTableIsReadAsOne() throws SQLException {
        odoo(
                "CREATE TABLE event (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day)",
                "CREATE TABLE event_a PARTITION OF event FOR VALUES FROM ('2026-01-01') TO ('2026-07-01')",
                "CREATE TABLE event_b PARTITION OF event FOR VALUES FROM ('2026-07-01') TO ('2027-01-01')",
                "INSERT INTO event SELECT i, date '2026-01-01' + i FROM generate_series(1, 300) AS i");
        TableSource source = shop(table("event", "event", List.of()));
        extraction(source).extract();
        odoo("UPDATE event SET day = '2026-12-31' WHERE id = 1", "DELETE FROM event WHERE id = 2");

        extraction(source).extract();

        assertThat(lake.query("bronze.event", "SELECT id, day, _op FROM %s WHERE _seq = 2 ORDER BY id, _op DESC"))
                .containsExactly("1|2026-12-31|upsert", "1|2026-01-02|delete", "2|2026-01-03|delete");
    }

    @Test
    void aTableWithoutAKeyIsRefusedUntilOneIsNamed() throws SQLException {
        odoo("CREATE TABLE loose (a int, b varchar, c float8)", "INSERT INTO loose VALUES (1, 'x', 1), (1, 'y', 2)");

        assertThatThrownBy(() ->
                        extraction(shop(table("loose", "loose", List.of()))).extract())
                .hasMessage(
                        "sources/shop.yml:7:5  CONFIGURATION_INVALID  Source shop: loose has no primary key, so its rows"
                                + " cannot be told apart.\n    Name columns that are never NULL and tell them apart: key: [a, b].");
        assertThatThrownBy(() -> extraction(shop(table("loose", "loose", List.of("a", "c", "bb"))))
                        .extract())
                .hasMessage(
                        "sources/shop.yml:7:5  CONFIGURATION_INVALID  Source shop: column c of loose is a float8, by which"
                                + " keys cannot be compared.\n    Name another key: whole numbers, texts, uuids and dates can be one.\n"
                                + "sources/shop.yml:7:5  COLUMN_NOT_FOUND  Source shop: loose has no column bb that is read and could"
                                + " be its key.\n    Nearest: b, a, c.");

        TableSource named = shop(table("loose", "loose", List.of("a", "b")));
        extraction(named).extract();
        odoo("DELETE FROM loose WHERE b = 'x'");
        extraction(named).extract();
        assertThat(lake.query("bronze.loose", "SELECT a, b, _op FROM %s WHERE _seq = 2"))
                .containsExactly("1|x|delete");
    }

    @Test
    void aTableOfAnotherSchemaIsNamedWithIt() throws SQLException {
        odoo("CREATE SCHEMA auth", "CREATE TABLE auth.users (id int PRIMARY KEY)");

        assertThatThrownBy(() ->
                        extraction(shop(table("users", "users", List.of()))).extract())
                .hasMessage("sources/shop.yml:7:5  SOURCE_TABLE_MISSING  Source shop: " + address()
                        + " has no table users.\n"
                        + "    Correct it; a table outside of the search path needs its schema: shop.orders.");
        assertThat(extraction(shop(table("auth.users", "users", List.of()))).extract())
                .hasSize(1);
    }

    @Test
    void aNameThatADeltaTableCannotHaveIsExcluded() throws SQLException {
        odoo("CREATE TABLE odd (id int PRIMARY KEY, \"net (EUR)\" int)");

        assertThatThrownBy(
                        () -> extraction(shop(table("odd", "odd", List.of()))).extract())
                .hasMessage(
                        "sources/shop.yml:7:5  CONFIGURATION_INVALID  Source shop: column net (EUR) of odd has a name that"
                                + " no column of a Delta table can have.\n    Add net (EUR) to exclude of odd.");
    }

    @Test
    void anExcludedColumnThatDoesNotExistIsAMistake() {
        TableSource.Table table = new TableSource.Table(
                Relation.parse("account_move"),
                TableName.parse(MOVES),
                Set.of("amout_total"),
                List.of(),
                null,
                null,
                null,
                new SourcePosition("sources/shop.yml", 7, 5));

        assertThatThrownBy(() -> extraction(shop(table)).extract())
                .hasMessage(
                        "sources/shop.yml:7:5  COLUMN_NOT_FOUND  Source shop: account_move has no column amout_total that"
                                + " could be excluded.\n    Nearest: amount_total.");
    }

    private static TableSource shop(TableSource.Table... tables) {
        return new TableSource(
                "shop",
                new SourceConnection.Postgres(new SecretRef("shop-url"), null),
                Duration.ofMinutes(5),
                new DeleteCheck(Duration.ofHours(1), new BigDecimal("0.01")),
                new FieldPolicy(FieldPolicy.Added.ADD, FieldPolicy.Retyped.RESCUE, FieldPolicy.Removed.WARN),
                List.of(tables),
                new SourcePosition("sources/shop.yml", 1, 1));
    }

    private static TableSource.Table table(String relation, String target, List<String> key) {
        return new TableSource.Table(
                Relation.parse(relation),
                new TableName(Layer.BRONZE, target),
                Set.of(),
                key,
                null,
                null,
                null,
                new SourcePosition("sources/shop.yml", 7, 5));
    }
}
