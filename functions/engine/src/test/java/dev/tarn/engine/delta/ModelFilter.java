package dev.tarn.engine.delta;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** Which rows are meant, for a table and for its model. */
record ModelFilter(RowFilter sql, Predicate<Map<ModelColumn, Object>> model) {

    private static final List<ModelColumn> BOUNDED = List.of(
            ModelColumn.ID,
            ModelColumn.ID,
            ModelColumn.GRP,
            ModelColumn.NAME,
            ModelColumn.AMOUNT,
            ModelColumn.DAY,
            ModelColumn.MOMENT,
            ModelColumn.SEEN,
            ModelColumn.RATIO,
            ModelColumn.OK);

    static ModelFilter any(SplittableRandom random) {
        int dice = random.nextInt(20);
        if (dice < 14) {
            return bounded(random, BOUNDED.get(random.nextInt(BOUNDED.size())));
        } else if (dice < 16) {
            ModelFilter one = bounded(random, ModelColumn.ID);
            ModelFilter other = bounded(random, random.nextBoolean() ? ModelColumn.GRP : ModelColumn.DAY);
            return new ModelFilter(one.sql().and(other.sql()), one.model().and(other.model()));
        } else if (dice < 18) {
            ModelColumn column = BOUNDED.get(random.nextInt(BOUNDED.size()));
            return new ModelFilter(RowFilter.matching(column.sqlName() + " IS NULL"), row -> !row.containsKey(column));
        }
        long rest = random.nextInt(5);
        return new ModelFilter(
                RowFilter.matching("id % 5 = " + rest),
                row -> row.get(ModelColumn.ID) instanceof Long id && id % 5 == rest);
    }

    static ModelFilter all() {
        return new ModelFilter(RowFilter.all(), row -> true);
    }

    private static ModelFilter bounded(SplittableRandom random, ModelColumn column) {
        Object one = column.anyValue(random);
        Object other = random.nextBoolean() ? one : column.anyValue(random);
        Object low = ModelColumn.compare(one, other) <= 0 ? one : other;
        Object high = low == one ? other : one;
        RowFilter sql = low.equals(high)
                ? RowFilter.equal(column.columnName(), column.literal(low))
                : RowFilter.between(column.columnName(), column.literal(low), column.literal(high));
        return new ModelFilter(sql, row -> {
            Object value = row.get(column);
            return value != null && ModelColumn.compare(low, value) <= 0 && ModelColumn.compare(value, high) <= 0;
        });
    }

    /** Rows that are meant, of {@code tries} random ones. */
    List<Map<ModelColumn, Object>> anyRows(SplittableRandom random, int tries) {
        List<Map<ModelColumn, Object>> rows = new ArrayList<>(ModelTable.anyRows(random, tries));
        rows.removeIf(model.negate());
        return rows;
    }
}
