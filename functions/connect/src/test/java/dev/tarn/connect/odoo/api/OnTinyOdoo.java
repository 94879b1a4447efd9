package dev.tarn.connect.odoo.api;

import dev.tarn.connect.TestLake;
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
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A small Odoo with a model of moves, a lake, and what reads the one into the other. */
abstract class OnTinyOdoo {

    static final Instant NINE = Instant.parse("2026-11-22T09:00:00Z");
    static final String NOW =
            "SELECT id, name FROM (SELECT * FROM %s QUALIFY row_number() OVER (PARTITION BY id ORDER BY _seq DESC) = 1)"
                    + " WHERE _op <> 'delete' ORDER BY id";
    static final String ALL = "SELECT id, name, _op, _seq FROM %s ORDER BY _seq, id";

    @TempDir
    Path folder;

    final TestClock clock = new TestClock();
    TestLake lake;
    TinyOdoo odoo;
    TinyOdoo.Model moves;

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

    void put(long id, Instant written, String name) {
        moves.put(id, written, record -> record.put("name", name));
    }

    TableSource source(FieldPolicy fields, TableSource.Table... tables) {
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

    static final FieldPolicy LENIENT =
            new FieldPolicy(FieldPolicy.Added.ADD, FieldPolicy.Retyped.RESCUE, FieldPolicy.Removed.WARN);

    static TableSource.Table table(String relation, String... exclude) {
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

    ApiAccess access(TableSource source) {
        return new ApiAccess(
                source,
                (SourceConnection.OdooApi) source.connection(),
                odoo.login().key(),
                clock.patience());
    }

    ApiExtract extract(TableSource source) {
        return new ApiExtract(lake.lake(), access(source));
    }

    ApiExtract extract() {
        return extract(source(LENIENT, table("account_move")));
    }

    ModelLook look() {
        return look(50_000);
    }

    ModelLook look(int rowsOfAPiece) {
        TableSource source = source(LENIENT, table("account_move"));
        OdooRecords records = OdooRecords.open(OdooApi.connect(odoo.login(), clock.patience()), "en_US", List.of());
        return new ModelLook(lake.lake(), source, source.tables().get(0), records, "account.move", rowsOfAPiece);
    }
}
