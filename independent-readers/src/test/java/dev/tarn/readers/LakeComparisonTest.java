package dev.tarn.readers;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TableName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The comparison can fail: a reader that sees something else is noticed. */
class LakeComparisonTest {

    private static final TableName TABLE = TableName.parse("gold.numbers");
    private static final String ROWS = "SELECT i AS id, 0.5::DOUBLE AS half FROM range(3) AS r (i)";

    @TempDir
    private Path folder;

    @Test
    void aLostRowIsNoticed() {
        assertNoticed("rows of gold.numbers", content -> {
            List<String> rows = new ArrayList<>(content.rows());
            rows.remove(1);
            return new TableContent(content.columns(), rows);
        });
    }

    @Test
    void aRowReadTwiceIsNoticed() {
        assertNoticed("rows of gold.numbers", content -> {
            List<String> rows = new ArrayList<>(content.rows());
            rows.add(rows.get(0));
            return new TableContent(content.columns(), rows);
        });
    }

    @Test
    void columnsInAnotherOrderAreNoticed() {
        assertNoticed("columns of gold.numbers", content -> {
            List<String> columns = new ArrayList<>(content.columns());
            Collections.reverse(columns);
            return new TableContent(columns, content.rows());
        });
    }

    private void assertNoticed(String where, UnaryOperator<TableContent> mistake) {
        Path root = folder.resolve("lake");
        try (WrittenLake lake = new WrittenLake(root, folder.resolve("writing"))) {
            lake.create(TABLE, ROWS, List.of(), Map.of());
            lake.append(TABLE, ROWS);
        }
        KernelReader right = new KernelReader();
        TableReader wrong = (table, version) -> mistake.apply(right.read(table, version));

        assertThatThrownBy(() -> compare(root, wrong))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(where);
    }

    private void compare(Path root, TableReader reader) throws IOException {
        try (LakeComparison comparison = new LakeComparison(root, folder.resolve("reading"))) {
            comparison.assertEveryTableIsReadIdentically(reader);
        }
    }
}
