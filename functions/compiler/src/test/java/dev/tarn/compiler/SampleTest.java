package dev.tarn.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.PostgresSink;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleTest {

    @TempDir
    private Path folder;

    @Test
    void theSampleCompiles() throws Exception {
        Plan plan = Compiler.compile(copy(), "local", OdooTables::schema);

        assertThat(plan.flows())
                .extracting(flow -> flow.target().toString())
                .containsExactlyInAnyOrder(
                        "silver.account_move",
                        "silver.account_move_line",
                        "silver.account_account",
                        "silver.res_company",
                        "silver.res_currency",
                        "silver.res_partner",
                        "silver.product",
                        "gold.monthly_revenue",
                        "gold.receivables_by_partner",
                        "gold.control_revenue",
                        "gold.top_products");
        assertThat(plan.flows()).allMatch(flow -> flow.kind() == Flow.Kind.MATERIALIZED_VIEW);
        assertThat(plan.odooSources()).hasSize(1);
        assertThat(plan.postgresSinks().get(0).tables()).allMatch(table -> table.mode() == PostgresSink.Mode.MIRROR);
    }

    @Test
    void everyGoldColumnSaysWhatItMeans() throws Exception {
        Plan plan = Compiler.compile(copy(), "", OdooTables::schema);

        assertThat(plan.flows())
                .filteredOn(flow -> flow.target().toString().startsWith("gold."))
                .hasSize(4)
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

    private static Path sample() throws URISyntaxException, IOException {
        Path index = Path.of(Plan.class.getResource("/sample/index").toURI());
        return index.getParent();
    }
}
