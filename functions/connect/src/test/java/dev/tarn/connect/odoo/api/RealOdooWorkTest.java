package dev.tarn.connect.odoo.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.connect.Finding;
import dev.tarn.connect.TestLake;
import dev.tarn.connect.bronze.Extracted;
import dev.tarn.connect.extract.DatabaseExtract;
import dev.tarn.connect.extract.SourceVerdict;
import dev.tarn.connect.extract.TableVerdict;
import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.model.DeleteCheck;
import dev.tarn.model.FieldPolicy;
import dev.tarn.model.Layer;
import dev.tarn.model.Plan;
import dev.tarn.model.Relation;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against the Odoo of {@code local-dev/odoo}, while people work in it; without one, nothing is tested. */
@Tag("full")
class RealOdooWorkTest {

    private static final List<String> RELATIONS =
            List.of("account_move", "account_move_line", "res_partner", "product_product");

    private static final SourcePosition POSITION = new SourcePosition("sources/odoo.yml", 1, 1);
    private static final Plan PLAN = new Plan("hash", "project", ZoneId.of("UTC"), List.of(), List.of(), List.of());

    @TempDir
    Path folder;

    private final URI url = URI.create("http://127.0.0.1:" + Integer.getInteger("tarn.odoo.port", 58069));

    @Test
    void bronzeIsWhatOdooIsAfterPeopleWorkedWhileItWasRead() throws IOException, InterruptedException {
        String odoo = System.getProperty("tarn.odoo");
        assumeTrue(odoo != null, "no -Dtarn.odoo=FOLDER of local-dev/odoo/setup.sh");
        String key = Files.readString(Path.of(odoo, "api-key")).strip();
        try (TestLake byKey = TestLake.open(folder.resolve("key"));
                TestLake byPassword = TestLake.open(folder.resolve("password"));
                TestLake byDatabase = TestLake.open(folder.resolve("database"))) {
            ApiExtract json2 = extract(byKey, key);
            ApiExtract jsonRpc = extract(byPassword, "admin");
            DatabaseExtract database = database(byDatabase);
            assertThat(database.connect()).startsWith("o19 (19.0), ");
            assertThat(json2.connect()).startsWith("o19 (19.0) by JSON-2 as admin, ");
            assertThat(jsonRpc.connect()).startsWith("o19 (19.0) by JSON-RPC as admin, ");

            Process people = people();
            int looks = 0;
            while (people.isAlive()) {
                json2.extract();
                jsonRpc.extract();
                database.extract();
                looks++;
            }
            assertThat(people.exitValue()).isZero();
            assertThat(looks).isGreaterThan(1);
            json2.extract();
            jsonRpc.extract();
            database.extract();

            compare(byKey, key);
            compare(byPassword, key);
            compare(byDatabase, key);
            json2.reconcile(source().tables(), OptionalLong.empty()).forEach(extracted -> assertThat(extracted.rows())
                    .as("nothing of %s was left to find", extracted.table())
                    .isZero());
            verify(byKey, key);
            verify(byPassword, "admin");
        }
    }

    @Test
    void attachmentsAreAllThereWithTheirFiles() throws IOException {
        String odoo = System.getProperty("tarn.odoo");
        assumeTrue(odoo != null, "no -Dtarn.odoo=FOLDER of local-dev/odoo/setup.sh");
        String key = Files.readString(Path.of(odoo, "api-key")).strip();
        TableSource.Table table = table("ir_attachment", 10);
        SourceConnection connection = source().connection();
        for (String secret : List.of(key, "admin")) {
            try (TestLake lake = TestLake.open(folder.resolve(secret))) {
                ApiAccess access = new ApiAccess(
                        source(connection, List.of(table)),
                        (SourceConnection.OdooApi) connection,
                        secret,
                        Patience.usual(Clock.systemUTC()));
                List<Extracted> landed = new ApiExtract(lake.lake(), access).extract();
                assertThat(landed.get(0).remarks()).isEmpty();
                List<String> files = lake.query(
                        "bronze.ir_attachment",
                        "SELECT file_path FROM %s WHERE type = 'binary' AND file_size BETWEEN 1 AND 10000000");
                assertThat(files).hasSizeGreaterThan(100).doesNotContainNull();
                for (String path : Set.copyOf(files)) {
                    assertThat(path)
                            .endsWith(
                                    "/" + Attachments.sha1(lake.lake().storage().read(path)));
                }
                assertThat(new ApiVerification(lake.lake(), access, PLAN, (name, column) -> true)
                                .run(List.of(table), List.of())
                                .equal())
                        .isTrue();
            }
        }
    }

    @Test
    void anExaminationTellsWhatTheUserMayDo() throws IOException {
        String odoo = System.getProperty("tarn.odoo");
        assumeTrue(odoo != null, "no -Dtarn.odoo=FOLDER of local-dev/odoo/setup.sh");
        Finding all = Finding.warn(
                "the user admin may change account.move, account.move.line, res.partner, product.product; Tarn only reads",
                "Make a user of its own: tarn odoo grants --source odoo --user tarn_reader");

        String key = Files.readString(Path.of(odoo, "api-key")).strip();
        assertThat(new ApiExamination(access(key)).run())
                .hasSize(2)
                .contains(all)
                .first()
                .satisfies(finding -> assertThat(finding.text()).startsWith("o19 (19.0) by JSON-2 as admin, "));
        assertThat(new ApiExamination(access("admin")).run()).hasSize(3).contains(all);
        assertThat(new ApiExamination(access("wrong")).run())
                .extracting(Finding::text)
                .containsExactly(
                        "SOURCE_LOGIN_REFUSED  Source odoo: " + url + " does not let admin into database o19.");
    }

    /** As tarn verify: ids, dates and sums of all numbers, as a real Odoo adds them up. */
    private void verify(TestLake lake, String key) {
        SourceVerdict verdict = new ApiVerification(lake.lake(), access(key), PLAN, (table, column) -> true)
                .run(source().tables(), List.of());
        assertThat(verdict.equal()).as("%s", verdict.tables()).isTrue();
        assertThat(verdict.tables()).allSatisfy(table -> assertThat(((TableVerdict.Compared) table).sums())
                .as("%s", table.relation())
                .isNotEmpty());
    }

    private Process people() throws IOException {
        return new ProcessBuilder(
                        "python3",
                        Path.of("..", "..", "local-dev", "odoo", "work.py").toString(),
                        url.toString(),
                        "o19",
                        "admin",
                        "admin",
                        System.getProperty("tarn.odoo.seconds", "30"))
                .inheritIO()
                .start();
    }

    /** What Odoo lists now, in one page per model, with what bronze says is there. */
    private void compare(TestLake lake, String key) {
        OdooRecords records =
                OdooRecords.open(OdooApi.connect(login(key), Patience.usual(Clock.systemUTC())), "en_US", List.of());
        compare(lake, records, "account_move", "name", "state", "amount_total", "partner_id");
        compare(lake, records, "account_move_line", "name", "display_type", "balance", "account_id");
        compare(lake, records, "res_partner", "name", "email");
        compare(lake, records, "product_product", "active", "default_code");
    }

    private static void compare(TestLake lake, OdooRecords records, String relation, String... fields) {
        List<String> there = new ArrayList<>();
        long above = 0;
        List<ObjectNode> page;
        do {
            page = ModelPages.read(
                    records,
                    relation.replace('_', '.'),
                    Stream.concat(Stream.of("write_date"), Stream.of(fields)).toList(),
                    new PageSize(),
                    Domains.idsAbove(above),
                    "id asc");
            for (ObjectNode record : page) {
                above = record.path("id").longValue();
                StringBuilder text = new StringBuilder()
                        .append(above)
                        .append('|')
                        .append(record.path("write_date").asText());
                for (String field : fields) {
                    text.append('|').append(text(record, field));
                }
                there.add(text.toString());
            }
        } while (!page.isEmpty());
        String columns = String.join(
                ", ", Stream.of(fields).map(RealOdooWorkTest::column).toList());
        List<String> here = lake.query(
                "bronze." + relation,
                "SELECT id, strftime(write_date AT TIME ZONE 'UTC', '%%Y-%%m-%%d %%H:%%M:%%S'), " + columns
                        + " FROM (SELECT * FROM %s QUALIFY row_number() OVER (PARTITION BY id ORDER BY _seq DESC) = 1)"
                        + " WHERE _op <> 'delete' ORDER BY id");
        assertThat(here).as(relation).isEqualTo(there);
    }

    private static String column(String field) {
        return Set.of("amount_total", "balance").contains(field) ? "printf('%%.6f', " + field + "::DOUBLE)" : field;
    }

    private static String text(ObjectNode record, String field) {
        if (field.equals("active")) {
            return Boolean.toString(record.path(field).booleanValue());
        }
        if (record.path(field).isArray()) {
            return record.path(field).path(0).asText();
        }
        if (record.path(field).isNumber()) {
            return String.format(Locale.ROOT, "%.6f", record.path(field).doubleValue());
        }
        return record.path(field).isBoolean() ? "null" : record.path(field).asText();
    }

    private ApiLogin login(String key) {
        return new ApiLogin("odoo", null, url, "o19", "admin", new SecretRef("odoo-api-key"), key);
    }

    private DatabaseExtract database(TestLake lake) {
        int port = Integer.getInteger("tarn.odoo.database.port", 55469);
        return new DatabaseExtract(
                lake.lake(),
                source(new SourceConnection.OdooDatabase(new SecretRef("odoo-url"), 19, "en_US", null)),
                PostgresUrl.parse(new SecretRef("odoo-url"), "postgresql://odoo:odoo@127.0.0.1:" + port + "/o19"));
    }

    private TableSource source() {
        return source(new SourceConnection.OdooApi(
                url, "o19", "admin", new SecretRef("odoo-api-key"), 19, "en_US", List.of()));
    }

    private static TableSource source(SourceConnection connection) {
        return source(
                connection,
                RELATIONS.stream().map(relation -> table(relation, null)).toList());
    }

    private static TableSource source(SourceConnection connection, List<TableSource.Table> tables) {
        return new TableSource(
                "odoo",
                connection,
                Duration.ofMinutes(5),
                new DeleteCheck(Duration.ofHours(1), BigDecimal.ONE),
                new FieldPolicy(FieldPolicy.Added.ADD, FieldPolicy.Retyped.RESCUE, FieldPolicy.Removed.WARN),
                tables,
                POSITION);
    }

    private static TableSource.Table table(String relation, @Nullable Integer fileMegabytes) {
        return new TableSource.Table(
                Relation.parse(relation),
                new TableName(Layer.BRONZE, relation),
                Set.of(),
                List.of(),
                null,
                null,
                null,
                fileMegabytes,
                POSITION);
    }

    private ApiExtract extract(TestLake lake, String key) {
        return new ApiExtract(lake.lake(), access(key));
    }

    private ApiAccess access(String key) {
        TableSource source = source();
        return new ApiAccess(
                source, (SourceConnection.OdooApi) source.connection(), key, Patience.usual(Clock.systemUTC()));
    }
}
