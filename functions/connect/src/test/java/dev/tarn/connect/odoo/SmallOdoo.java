package dev.tarn.connect.odoo;

import dev.tarn.connect.EmbeddedServer;
import dev.tarn.model.Layer;
import dev.tarn.model.OdooSource;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;

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

    static OdooSource source(OdooSource.Table... tables) {
        return new OdooSource(
                "odoo",
                new SecretRef("odoo-url"),
                19,
                Duration.ofMinutes(5),
                Arrays.asList(tables),
                new SourcePosition("sources/odoo.yml", 1, 1));
    }

    static OdooSource.Table table(String relation, String... exclude) {
        return new OdooSource.Table(
                relation,
                new TableName(Layer.BRONZE, relation),
                Set.of(exclude),
                new SourcePosition("sources/odoo.yml", 9, 5));
    }
}
