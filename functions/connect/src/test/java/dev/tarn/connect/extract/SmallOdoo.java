package dev.tarn.connect.extract;

import dev.tarn.connect.EmbeddedServer;
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
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fewest tables that make a database an Odoo of version 19, and the source that reads some of them. */
final class SmallOdoo {

    private SmallOdoo() {}

    static void create(EmbeddedServer server, String database) throws SQLException {
        server.execute("postgres", "CREATE DATABASE " + database);
        server.execute(
                database,
                "CREATE TABLE ir_module_module (id int PRIMARY KEY, name varchar, state varchar, latest_version varchar)",
                "INSERT INTO ir_module_module VALUES (1, 'base', 'installed', '19.0.1.3')",
                "CREATE TABLE res_currency (id int PRIMARY KEY, name varchar, active bool, write_date timestamp)",
                "INSERT INTO res_currency VALUES (1, 'USD', true, '2026-01-01'), (2, 'PHP', true, '2026-01-01'),"
                        + " (3, 'EUR', false, '2026-01-01')",
                "CREATE TABLE res_company (id int PRIMARY KEY, name varchar, currency_id int)",
                "INSERT INTO res_company VALUES (1, 'One', 2), (2, 'Two', 1)",
                "CREATE TABLE account_move (id int PRIMARY KEY, name varchar, amount_total numeric, write_date timestamp)");
    }

    static TableSource source(TableSource.Table... tables) {
        return source(
                new FieldPolicy(FieldPolicy.Added.ADD, FieldPolicy.Retyped.RESCUE, FieldPolicy.Removed.WARN), tables);
    }

    static TableSource source(FieldPolicy fields, TableSource.Table... tables) {
        return new TableSource(
                "odoo",
                new SourceConnection.OdooDatabase(new SecretRef("odoo-url"), 19, "en_US", null),
                Duration.ofMinutes(5),
                new DeleteCheck(Duration.ofHours(1), new BigDecimal("0.01")),
                fields,
                Arrays.asList(tables),
                new SourcePosition("sources/odoo.yml", 1, 1));
    }

    static TableSource.Table table(String relation, String... exclude) {
        return split(relation, null, exclude);
    }

    static TableSource.Table split(String relation, @Nullable String split, String... exclude) {
        return new TableSource.Table(
                Relation.parse(relation),
                new TableName(Layer.BRONZE, relation.replace('.', '_')),
                Set.of(exclude),
                List.of(),
                split,
                null,
                null,
                new SourcePosition("sources/odoo.yml", 9, 5));
    }
}
