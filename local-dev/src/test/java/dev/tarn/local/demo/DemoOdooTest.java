package dev.tarn.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.connect.BronzeColumns;
import dev.tarn.connect.odoo.Extracted;
import dev.tarn.connect.odoo.OdooCatalogue;
import dev.tarn.connect.odoo.OdooExtract;
import dev.tarn.connect.odoo.ServerInfo;
import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.model.Layer;
import dev.tarn.model.OdooSource;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
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
            OdooExtract extract =
                    new OdooExtract(lake, source(), PostgresUrl.parse(new SecretRef("odoo-url"), demo.odooUrl()));

            ServerInfo info = extract.connect();
            List<Extracted> extracted = extract.extract();

            assertThat(info.version()).isEqualTo("19.0");
            assertThat(info.companies())
                    .extracting(ServerInfo.Company::currency)
                    .containsExactly("PHP", "USD");
            assertThat(extracted).allMatch(table -> table.rows() > 0);
            for (OdooSource.Table table : source().tables()) {
                TableSchema bronze =
                        lake.table(table.target()).snapshot().orElseThrow().schema();
                assertThat(BronzeColumns.ofSource(bronze))
                        .as(table.relation())
                        .isEqualTo(BronzeColumns.ofSource(
                                OdooCatalogue.schema(table.relation()).orElseThrow()));
            }
        }
    }

    private static OdooSource source() {
        List<OdooSource.Table> tables = OdooCatalogue.relations().stream()
                .map(name -> new OdooSource.Table(name, new TableName(Layer.BRONZE, name), Set.of(), POSITION))
                .toList();
        return new OdooSource("odoo", new SecretRef("odoo-url"), 19, Duration.ofMinutes(5), tables, POSITION);
    }
}
