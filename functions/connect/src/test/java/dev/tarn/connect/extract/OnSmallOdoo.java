package dev.tarn.connect.extract;

import dev.tarn.connect.EmbeddedServer;
import dev.tarn.connect.TestLake;
import dev.tarn.connect.bronze.Extracted;
import dev.tarn.model.TableSource;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** A server for all tests of a class; a small Odoo and an empty lake for each. */
abstract class OnSmallOdoo {

    static final String MOVES = "bronze.account_move";

    /** What the source holds now, as far as bronze knows. */
    static final String NOW =
            "SELECT * EXCLUDE (_op, _seq, _source, _extracted_at, _rescued_data, _reason, _xid) FROM %s"
                    + " QUALIFY row_number() OVER (PARTITION BY id ORDER BY _seq DESC) = 1 AND _op = 'upsert' ORDER BY id";

    @TempDir
    static Path folder;

    static EmbeddedServer server;
    private static int databases;

    String database;
    TestLake lake;

    @BeforeAll
    static void start() throws IOException, SQLException {
        server = EmbeddedServer.start(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    void create(TestInfo test) throws SQLException {
        database = "odoo" + ++databases;
        SmallOdoo.create(server, database);
        lake = TestLake.open(folder.resolve(database));
    }

    @AfterEach
    void close() {
        lake.close();
    }

    void odoo(String... sql) throws SQLException {
        server.execute(database, sql);
    }

    DatabaseExtract extraction(TableSource source) {
        return extraction(source, LoadRange.Size.USUAL);
    }

    DatabaseExtract extraction(TableSource source, LoadRange.Size size) {
        return new DatabaseExtract(lake.lake(), source, server.url("postgres", database), size);
    }

    List<Extracted> extract(TableSource.Table... tables) {
        return extraction(SmallOdoo.source(tables)).extract();
    }

    List<Extracted> reconcile(long accepted, TableSource.Table... tables) {
        return extraction(SmallOdoo.source(tables)).reconcile(List.of(tables), OptionalLong.of(accepted));
    }

    /** {@code 127.0.0.1:5432/odoo1}. */
    String address() {
        return "127.0.0.1:" + server.port() + "/" + database;
    }
}
