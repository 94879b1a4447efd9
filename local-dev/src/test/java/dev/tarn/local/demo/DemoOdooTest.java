package dev.tarn.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.bronze.BronzeColumns;
import dev.tarn.connect.bronze.Extracted;
import dev.tarn.connect.extract.DatabaseExtract;
import dev.tarn.connect.odoo.OdooCatalogue;
import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.DeleteCheck;
import dev.tarn.model.FieldPolicy;
import dev.tarn.model.Layer;
import dev.tarn.model.Relation;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TableSource;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo Odoo, read as any other Odoo. */
class DemoOdooTest {

    private static final SourcePosition POSITION = new SourcePosition("sources/odoo.yml", 1, 1);

    @TempDir
    Path folder;

    @Test
    void itHasTheTablesThatTheCatalogueKnowsTypeByType() {
        DuckDb duckDb = DuckDb.open(
                new Budget(256L << 20, 512L << 20, 256L << 20, 256L << 20, 256L << 20, 2), folder.resolve("workspace"));
        try (DemoDatabases demo =
                        DemoDatabases.start(folder.resolve("demo"), DemoDatabases.FREE_PORT, new OdooSeed(50));
                Lake lake = Lake.open(new LocalStorage(folder.resolve("lake")), duckDb, Clock.systemUTC())) {
            DatabaseExtract extract =
                    new DatabaseExtract(lake, source(), PostgresUrl.parse(new SecretRef("odoo-url"), demo.odooUrl()));

            String info = extract.connect();
            List<Extracted> extracted = extract.extract();

            assertThat(info).contains(" (19.0), 2 companies (PHP, USD), ");
            assertThat(extracted).allMatch(table -> table.rows() > 0);
            for (TableSource.Table table : source().tables()) {
                TableSchema bronze =
                        lake.table(table.target()).snapshot().orElseThrow().schema();
                assertThat(BronzeColumns.ofSource(bronze))
                        .as(table.relation().toString())
                        .isEqualTo(BronzeColumns.ofSource(
                                OdooCatalogue.schema(table.relation().toString())
                                        .orElseThrow()));
            }
        }
    }

    private static TableSource source() {
        List<TableSource.Table> tables = OdooCatalogue.relations().stream()
                .map(name -> new TableSource.Table(
                        Relation.parse(name),
                        new TableName(Layer.BRONZE, name),
                        Set.of(),
                        List.of(),
                        null,
                        null,
                        null,
                        POSITION))
                .toList();
        return new TableSource(
                "odoo",
                new SourceConnection.OdooDatabase(new SecretRef("odoo-url"), 19, "en_US", null),
                Duration.ofMinutes(5),
                new DeleteCheck(Duration.ofHours(1), new BigDecimal("0.01")),
                new FieldPolicy(FieldPolicy.Added.ADD, FieldPolicy.Retyped.RESCUE, FieldPolicy.Removed.WARN),
                tables,
                POSITION);
    }
}
