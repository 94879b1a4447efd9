package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.ColumnRecorder;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.ViolationCounter;
import dev.tarn.model.DataType;
import dev.tarn.model.Effect;
import dev.tarn.model.Expectation;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Flow;
import dev.tarn.model.JudgedView;
import dev.tarn.model.Plan;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TableSource;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleTest {

    @TempDir
    private Path folder;

    private @Nullable FileSystem jar;

    @Test
    void theSampleCompiles() throws Exception {
        Plan plan = Compiler.compile(copy(), "local", OdooTables::schema);

        assertThat(plan.flows())
                .extracting(flow -> flow.target().toString())
                .containsExactlyInAnyOrder(
                        "silver.account_move",
                        "silver.account_move_line",
                        "silver.account_partial_reconcile",
                        "silver.account_account",
                        "silver.res_company",
                        "silver.res_currency",
                        "silver.res_partner",
                        "silver.res_partner_history",
                        "silver.product",
                        "silver.bank_statement_line",
                        "silver.budget",
                        "gold.monthly_revenue",
                        "gold.bank_reconciliation",
                        "gold.budget_vs_actual",
                        "gold.receivables_by_partner",
                        "gold.control_revenue",
                        "gold.control_balanced_moves",
                        "gold.control_invoice_totals",
                        "gold.control_residuals",
                        "gold.control_closed_periods",
                        "gold.top_products");
        assertThat(plan.flows().stream()
                        .filter(flow -> flow.effect() instanceof Effect.AutoCdc)
                        .map(flow -> flow.id() + " -> " + flow.target()))
                .containsExactlyInAnyOrder(
                        "account_move_current -> silver.account_move",
                        "account_move_line_current -> silver.account_move_line",
                        "account_partial_reconcile_current -> silver.account_partial_reconcile",
                        "account_account_current -> silver.account_account",
                        "bank_statement_line_current -> silver.bank_statement_line",
                        "res_company_current -> silver.res_company",
                        "res_currency_current -> silver.res_currency",
                        "res_partner_current -> silver.res_partner",
                        "res_partner_versions -> silver.res_partner_history");
        assertThat(plan.sources()).hasSize(1);
        assertThat(plan.drops())
                .extracting(drop -> drop.path() + " -> " + drop.target())
                .containsExactly("bank_statement/** -> bronze.bank_statement", "budget/*.csv -> bronze.budget");
        assertThat(plan.postgresSinks().get(0).tables()).allMatch(table -> table.mode() == PostgresSink.Mode.MIRROR);
    }

    @Test
    void everyQueryYieldsItsSchemaInDuckDb() throws Exception {
        Plan plan = Compiler.compile(copy(), "local", OdooTables::schema);

        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckDb.createStatement()) {
            for (TableSource.Table table : plan.sources().get(0).tables()) {
                statement.execute(createTable(
                        table.target(), OdooTables.schema(table.target()).orElseThrow()));
            }
            for (FileDrop drop : plan.drops()) {
                statement.execute(createTable(drop.target(), drop.tableSchema()));
            }
            for (Flow flow : plan.flows()) {
                for (JudgedView view : flow.views()) {
                    statement.execute("CREATE OR REPLACE MACRO " + view.function() + "(mask) AS (mask = 0)");
                }
                assertThat(described(statement, flow.sql())).isEqualTo(yielded(flow));
                statement.execute(createTable(flow.target(), flow.schema()));
                for (Expectation expectation : flow.expectations()) {
                    statement.execute("SELECT " + expectation.sql() + " FROM (" + flow.sql() + ")");
                }
            }
        }
    }

    /** Where the lake is elsewhere, nothing else is fetched. */
    @Test
    void thePlannerTellsWhichColumnsEveryQueryReads() throws Exception {
        Plan plan = Compiler.compile(copy(), "local", OdooTables::schema);
        Map<TableName, TableSchema> schemas = new HashMap<>();
        plan.flows().forEach(flow -> schemas.put(flow.target(), flow.schema()));
        plan.sources()
                .get(0)
                .tables()
                .forEach(table -> schemas.put(
                        table.target(), OdooTables.schema(table.target()).orElseThrow()));
        plan.drops().forEach(drop -> schemas.put(drop.target(), drop.tableSchema()));
        int columns = 0;
        int read = 0;
        Budget budget = new Budget(256L << 20, 256L << 20, 64L << 20, 64L << 20, 64L << 20, 2);
        try (DuckDb engine = DuckDb.open(budget, folder.resolve("workspace"))) {
            for (Flow flow : plan.flows()) {
                try (Session session = engine.session()) {
                    Map<TableName, ColumnRecorder> recorders = new HashMap<>();
                    for (Flow.Input input : flow.inputs()) {
                        recorders.put(input.table(), new ColumnRecorder(schemas.get(input.table())));
                        session.recorded(input.table().toString(), recorders.get(input.table()));
                    }
                    for (JudgedView view : flow.views()) {
                        session.violations(
                                view.function(),
                                new ViolationCounter(view.expectations().size(), 0));
                    }
                    session.query(flow.sql(), row -> true);
                    recorders.forEach((table, recorder) -> assertThat(recorder.read())
                            .as(flow.id() + " of " + table)
                            .isPresent());
                    for (Flow.Input input : flow.inputs()) {
                        columns += schemas.get(input.table()).columns().size();
                        read += recorders
                                .get(input.table())
                                .read()
                                .orElseThrow()
                                .size();
                    }
                }
            }
        }
        System.out.println("The queries of the sample read " + read + " of " + columns + " columns");
        assertThat(read).isBetween(1, columns - 1);
    }

    private static List<String> yielded(Flow flow) {
        List<String> columns = new ArrayList<>(declared(flow.schema()));
        if (flow.effect() instanceof Effect.AutoCdc) {
            columns.removeIf(
                    column -> column.contains(Effect.AutoCdc.START_AT) || column.contains(Effect.AutoCdc.END_AT));
            columns.add("\"" + Effect.AutoCdc.SEQUENCE + "\" BIGINT");
            columns.add("\"" + Effect.AutoCdc.OPERATION + "\" TINYINT");
        }
        return columns;
    }

    private static String createTable(TableName name, TableSchema schema) {
        return "CREATE TABLE " + Sql.identifier(name.toString()) + " (" + String.join(", ", declared(schema)) + ")";
    }

    private static List<String> declared(TableSchema schema) {
        return schema.columns().stream()
                .map(column -> Sql.identifier(column.name()) + " " + duckType(column.type()))
                .toList();
    }

    private static String duckType(DataType type) {
        return switch (type.toString()) {
            case "INT" -> "INTEGER";
            case "STRING" -> "VARCHAR";
            case "TIMESTAMP" -> "TIMESTAMP WITH TIME ZONE";
            default -> type.toString();
        };
    }

    private static List<String> described(Statement statement, String sql) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (ResultSet description = statement.executeQuery("DESCRIBE " + sql)) {
            while (description.next()) {
                columns.add(Sql.identifier(description.getString(1)) + " " + description.getString(2));
            }
        }
        return columns;
    }

    @Test
    void everyGoldColumnSaysWhatItMeans() throws Exception {
        Plan plan = Compiler.compile(copy(), "", OdooTables::schema);

        assertThat(plan.flows())
                .filteredOn(flow -> flow.target().toString().startsWith("gold."))
                .hasSize(10)
                .allSatisfy(flow -> assertThat(flow.schema().columns())
                        .allSatisfy(column -> assertThat(column.comment()).isNotBlank()));
    }

    @Test
    void theIndexNamesEveryFileOfTheSample() throws Exception {
        Path sample = sample();
        try (Stream<Path> files = Files.walk(sample)) {
            List<String> found = files.filter(Files::isRegularFile)
                    .map(file -> sample.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> !name.equals("index"))
                    .sorted()
                    .toList();
            assertThat(Files.readAllLines(sample.resolve("index"))).isEqualTo(found);
        }
    }

    private Path copy() throws Exception {
        Path sample = sample();
        for (String file : Files.readAllLines(sample.resolve("index"))) {
            Path to = folder.resolve(file);
            Files.createDirectories(to.getParent());
            Files.copy(sample.resolve(file), to);
        }
        return folder;
    }

    /** The sample's folder, which lies in a jar when the modules are packaged. */
    private Path sample() throws URISyntaxException, IOException {
        URI index = Plan.class.getResource("/sample/index").toURI();
        if (index.getScheme().equals("jar") && jar == null) {
            jar = FileSystems.newFileSystem(index, Map.of());
        }
        return Path.of(index).getParent();
    }

    @AfterEach
    void closeJar() throws IOException {
        if (jar != null) {
            jar.close();
        }
    }
}
