package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.ColumnRecorder;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.SqlFailedException;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Array;
import dev.tarn.model.DataType.Decimal;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.Flow;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever compiles gives the answer that real Spark gave. The recorded queries reach far beyond what is supported;
 * those are refused, and never answered otherwise.
 */
class SparkAnswersTest {

    private static final TableSchema ORDERS = new TableSchema(List.of(
            new Column("order_id", Simple.BIGINT),
            new Column("customer_id", Simple.INT),
            new Column("amount", new Decimal(10, 2)),
            new Column("qty", Simple.INT),
            new Column("price", Simple.DOUBLE),
            new Column("order_ts", Simple.TIMESTAMP),
            new Column("order_date", Simple.DATE),
            new Column("status", Simple.STRING),
            new Column("payload", Simple.STRING),
            new Column("tags", new Array(Simple.STRING)),
            new Column("note", Simple.STRING)));
    private static final TableSchema CUSTOMERS =
            OdooTables.parse("id INT, name STRING, email STRING, country STRING, signup STRING");

    /** Spark answers; the query fails rather than giving another form of the same number or object. */
    private static final Set<String> REFUSED_ON_THE_DATA = Set.of("json_fraction", "json_object", "json_broken_object");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"UTC", "Asia/Manila"})
    void everySupportedConstructAnswersAsSpark(String zone) throws Exception {
        Path recorded =
                Path.of(SparkAnswersTest.class.getResource("/spark/queries.sql").toURI());
        Path answers = recorded.resolveSibling("answers.jsonl");

        Set<String> accepted = compare(recorded, answers, recorded.resolveSibling("setup_duck.sql"), zone);

        assertThat(accepted)
                .containsExactlyInAnyOrderElementsOf(queries(recorded).keySet());
    }

    /** Where the lake is elsewhere, other columns than those are not there at all. */
    @Test
    void everyQueryGivesItsAnswerWithNothingButTheColumnsThatThePlannerNames() throws Exception {
        Path recorded =
                Path.of(SparkAnswersTest.class.getResource("/spark/queries.sql").toURI());
        Path answers = recorded.resolveSibling("answers.jsonl");
        Budget budget = new Budget(256L << 20, 256L << 20, 64L << 20, 64L << 20, 64L << 20, 2);
        List<String> known = new ArrayList<>();
        try (DuckDb engine = DuckDb.open(budget, folder.resolve("workspace"))) {
            compare(recorded, answers, recorded.resolveSibling("setup_duck.sql"), "UTC", (flow, statement) -> {
                known.add(narrow(statement, "orders", ORDERS, read(engine, flow, "bronze.orders", ORDERS)));
                known.add(narrow(statement, "customers", CUSTOMERS, read(engine, flow, "bronze.customers", CUSTOMERS)));
            });
        }

        System.out.println(known.size() + " inputs: " + Collections.frequency(known, "some") + " read in part, "
                + Collections.frequency(known, "all") + " read as a whole or not known");
        assertThat(Collections.frequency(known, "some")).isGreaterThan(known.size() / 4);
    }

    private static Optional<Set<String>> read(DuckDb engine, Flow flow, String name, TableSchema schema) {
        ColumnRecorder recorder = new ColumnRecorder(schema);
        try (Session session = engine.session()) {
            session.recorded("bronze.orders", new ColumnRecorder(ORDERS));
            session.recorded("bronze.customers", new ColumnRecorder(CUSTOMERS));
            session.recorded(name, recorder);
            session.query(flow.sql(), row -> true);
            return recorder.read();
        } catch (SqlFailedException e) {
            return Optional.empty();
        }
    }

    /** Makes reading any other column of the table fail. */
    private static String narrow(Statement statement, String table, TableSchema schema, Optional<Set<String>> read)
            throws SQLException {
        String columns = schema.columns().stream()
                .map(column -> read.isEmpty() || read.get().contains(column.name())
                        ? column.name()
                        : "error('" + column.name() + " is not here')::" + DuckDbTypes.sqlType(column.type()) + " AS "
                                + column.name())
                .collect(Collectors.joining(", "));
        statement.execute("CREATE OR REPLACE VIEW \"bronze." + table + "\" AS SELECT " + columns + " FROM " + table);
        return columns.contains("error(") ? "some" : "all";
    }

    @Test
    void theRecordingIsAsItWasMade() throws Exception {
        Path answers = Path.of(
                SparkAnswersTest.class.getResource("/spark/answers.jsonl").toURI());
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(answers));

        assertThat(Files.readString(answers.resolveSibling("README.md")))
                .contains(HexFormat.of().formatHex(hash) + "  answers.jsonl");
    }

    @Test
    void noAcceptedQueryOfTheWideCorpusDiffersFromSpark() throws Exception {
        Path samples = Path.of("").toAbsolutePath();
        while (samples != null && !Files.exists(samples.resolve("shared/samples/sql/corpus.sql"))) {
            samples = samples.getParent();
        }
        assumeTrue(samples != null, "the wide corpus, shared/samples/sql/corpus.sql, is not beside this project");
        Path corpus = samples.resolve("shared/samples/sql/corpus.sql");

        Path answers = corpus.resolveSibling("spark-answers.jsonl");

        Set<String> accepted = compare(corpus, answers, corpus.resolveSibling("setup_duck.sql"), "UTC");

        assertThat(accepted).contains("backticks", "using_join", "filter_agg", "case_sensitivity", "string_escape");
    }

    private interface Preparation {
        void prepare(Flow flow, Statement statement) throws SQLException;
    }

    private Set<String> compare(Path queries, Path answers, Path setUp, String zone) throws Exception {
        return compare(queries, answers, setUp, zone, (flow, statement) -> {});
    }

    /** Compares every query that compiles with its recorded answer; returns their names. */
    private Set<String> compare(Path queries, Path answers, Path setUp, String zone, Preparation each)
            throws Exception {
        Map<String, JsonNode> expected = new LinkedHashMap<>();
        for (String line : Files.readAllLines(answers)) {
            JsonNode answer = new ObjectMapper().readTree(line);
            expected.put(answer.get("id").asText(), answer);
        }
        Set<String> accepted = new TreeSet<>();
        SoftAssertions softly = new SoftAssertions();
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            prepare(statement, Files.readString(setUp), zone);
            for (Map.Entry<String, String> query : queries(queries).entrySet()) {
                Optional<Flow> flow = compile(query.getValue());
                if (flow.isPresent()) {
                    each.prepare(flow.get(), statement);
                    softly.check(() -> assertSame(expected.get(query.getKey()), flow.get(), statement));
                    accepted.add(query.getKey());
                }
            }
        }
        softly.assertAll();
        return accepted;
    }

    private static void prepare(Statement statement, String setUp, String zone) throws SQLException {
        statement.execute("SET TimeZone = '" + zone + "'");
        statement.execute("SET default_null_order = 'nulls_first_on_asc_last_on_desc'");
        for (String part : setUp.split(";\\s*\n")) {
            if (!part.isBlank()) {
                statement.execute(part);
            }
        }
        statement.execute("CREATE VIEW \"bronze.orders\" AS SELECT * FROM orders");
        statement.execute("CREATE VIEW \"bronze.customers\" AS SELECT * FROM customers");
    }

    private static Map<String, String> queries(Path file) throws Exception {
        Map<String, String> queries = new LinkedHashMap<>();
        for (String block : Files.readString(file).split("(?m)^-- @id ")) {
            int end = block.indexOf('\n');
            if (end > 0) {
                queries.put(
                        block.substring(0, end).strip(),
                        block.substring(end + 1).strip());
            }
        }
        return queries;
    }

    private Optional<Flow> compile(String query) {
        TestProject project = new TestProject(folder)
                .with(
                        "sources/odoo.yml",
                        """
                        source: shop
                        type: odoo
                        connection: { database: "${secret:shop}", version: 19 }
                        schedule: { every: 5m }
                        tables:
                          - table: orders
                          - table: customers
                        """)
                .with(
                        "spark-pipeline.yml",
                        """
                        name: corpus
                        storage: file:///tmp/spark
                        database: bronze
                        libraries:
                          - glob: { include: pipelines/** }
                        """)
                .schemas(SparkAnswersTest::schema)
                .sql("CREATE MATERIALIZED VIEW silver.answer AS " + query);
        try {
            return Optional.of(project.compile().flows().get(0));
        } catch (TarnException refused) {
            return Optional.empty();
        }
    }

    private static Optional<TableSchema> schema(TableName table) {
        return Optional.of(table.table().equals("orders") ? ORDERS : CUSTOMERS);
    }

    private static void assertSame(JsonNode answer, Flow flow, Statement statement) {
        String id = answer.get("id").asText();
        if (answer.has("error") || REFUSED_ON_THE_DATA.contains(id)) {
            assertThat(rows(flow, statement))
                    .as("%s fails:%n%s", id, flow.sql())
                    .isEmpty();
            return;
        }
        List<String> schema = new ArrayList<>();
        answer.get("schema")
                .forEach(column -> schema.add(
                        column.get("name").asText() + " " + column.get("type").asText()));
        assertThat(flow.schema().columns().stream()
                        .map(column -> column.name() + " " + sparkName(column.type()))
                        .toList())
                .as("schema of %s", id)
                .isEqualTo(schema);
        List<List<String>> expected = new ArrayList<>();
        for (JsonNode row : answer.get("rows")) {
            List<String> values = new ArrayList<>();
            row.forEach(value -> values.add(value.isNull() ? null : value.asText()));
            expected.add(values);
        }
        assertThat(rows(flow, statement))
                .as("rows of %s:%n%s", id, flow.sql())
                .hasValueSatisfying(rows -> assertThat(rows).containsExactlyInAnyOrderElementsOf(expected));
    }

    private static String sparkName(DataType type) {
        return type.toString().toLowerCase(Locale.ROOT);
    }

    /** The rows as texts in Spark's form; empty when the query fails. */
    private static Optional<List<List<String>>> rows(Flow flow, Statement statement) {
        List<List<String>> rows = new ArrayList<>();
        try (ResultSet result = statement.getConnection().createStatement().executeQuery(flow.sql())) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= flow.schema().columns().size(); i++) {
                    row.add(text(result, i, flow.schema().columns().get(i - 1).type()));
                }
                rows.add(row);
            }
        } catch (SQLException fails) {
            return Optional.empty();
        }
        return Optional.of(rows);
    }

    private static String text(ResultSet result, int column, DataType type) throws SQLException {
        if (type == Simple.TIMESTAMP) {
            String text = result.getString(column);
            return text == null ? null : text.replaceAll("[+]00(:00)?$", "");
        }
        return result.getString(column);
    }
}
