package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.DataType;
import io.delta.kernel.internal.actions.AddFile;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FileBoundsTest extends DeltaFixture {

    @Test
    void aDecimalKeepsAllOfItsDigits() {
        create("SELECT 0::DECIMAL(38,18) AS v");
        append("SELECT 12345678901234567890.123456789012345678::DECIMAL(38,18) AS v");
        List<AddFile> files = new ArrayList<>();
        newest().forEachFile(files::add);
        FileBounds bounds = FileBounds.of(files.get(0));

        ColumnRange range = bounds.range("v", new OrderedValues(new DataType.Decimal(38, 18)))
                .orElseThrow();

        BigDecimal value = new BigDecimal("12345678901234567890.123456789012345678");
        assertThat(List.of(range.low(), range.high())).isEqualTo(List.of(value, value));
        assertThat(bounds.withoutTightBounds()).contains("{\"v\":12345678901234567890.123456789012345678}");
    }
}
