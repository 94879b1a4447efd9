package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A merge, and what it means.
 *
 * @param columns that the source has, the keys first
 * @param gone for each row of the source, whether it deletes; empty for a merge that does not
 * @param newerOnly whether only rows with a greater amount update
 * @param sums whether an update adds the amount to the one that is there
 * @param keepsNames whether an update to no name keeps the one that is there
 */
record ModelMerge(
        List<ModelColumn> keys,
        List<ModelColumn> columns,
        List<Map<ModelColumn, Object>> source,
        List<Boolean> gone,
        boolean newerOnly,
        boolean sums,
        boolean keepsNames,
        boolean updatesOnly)
        implements TableOperation.Planned {

    private static final List<List<ModelColumn>> KEYS = List.of(
            List.of(ModelColumn.ID),
            List.of(ModelColumn.ID),
            List.of(ModelColumn.ID),
            List.of(ModelColumn.ID, ModelColumn.GRP),
            List.of(ModelColumn.NAME),
            List.of(ModelColumn.AMOUNT, ModelColumn.DAY),
            List.of(ModelColumn.MOMENT),
            List.of(ModelColumn.SEEN, ModelColumn.ID));

    static ModelMerge any(SplittableRandom random) {
        List<ModelColumn> keys = KEYS.get(random.nextInt(KEYS.size()));
        List<ModelColumn> columns = new ArrayList<>(keys);
        boolean all = random.nextInt(3) > 0;
        for (ModelColumn column : ModelColumn.FIRST) {
            if (!columns.contains(column) && (all || random.nextInt(3) == 0)) {
                columns.add(column);
            }
        }
        if (random.nextInt(8) == 0) {
            columns.add(ModelColumn.LATER.get(random.nextInt(ModelColumn.LATER.size())));
        }
        List<Map<ModelColumn, Object>> source = new ArrayList<>();
        Set<List<Object>> seen = new HashSet<>();
        for (int tries = random.nextInt(10); tries > 0; tries--) {
            Map<ModelColumn, Object> row = ModelTable.anyRow(random, columns);
            keys.forEach(key -> row.put(key, key.anyValue(random)));
            if (seen.add(key(keys, row))) {
                source.add(row);
            }
        }
        boolean deletes = random.nextInt(3) == 0;
        List<Boolean> gone =
                deletes ? source.stream().map(row -> random.nextInt(3) == 0).toList() : List.of();
        boolean amounts = columns.contains(ModelColumn.AMOUNT) && !keys.contains(ModelColumn.AMOUNT);
        boolean names = columns.contains(ModelColumn.NAME) && !keys.contains(ModelColumn.NAME);
        return new ModelMerge(
                keys,
                columns,
                source,
                gone,
                amounts && random.nextInt(4) == 0,
                amounts && random.nextInt(4) == 0,
                names && random.nextInt(4) == 0,
                random.nextInt(6) == 0);
    }

    private static List<Object> key(List<ModelColumn> keys, Map<ModelColumn, Object> row) {
        List<Object> values = new ArrayList<>();
        keys.forEach(key -> values.add(String.valueOf(row.get(key))));
        return values;
    }

    private boolean deletes() {
        return !gone.isEmpty();
    }

    @Override
    public TableChange plan(DeltaTable table, Session session, TableSnapshot base) {
        String rows = ModelTable.sql(columns, source);
        if (deletes()) {
            String flags = String.join(
                    ", ",
                    IntStream.range(0, gone.size())
                            .filter(gone::get)
                            .mapToObj(i -> Integer.toString(i + 1))
                            .toList());
            // The rows of VALUES come in their order.
            rows = "SELECT *, list_contains([" + flags + "]::BIGINT[], row_number() OVER ()) AS gone FROM (" + rows
                    + ")";
        }
        Merge merge = Merge.upsert(keys.stream().map(ModelColumn::columnName).toList(), rows);
        String amount = ModelColumn.AMOUNT.sqlName();
        if (deletes()) {
            merge = merge.deletingWhen("s.gone", "gone");
        }
        if (newerOnly) {
            merge = merge.updatingWhen("s." + amount + " > t." + amount);
        }
        if (sums) {
            merge = merge.setting(
                    ModelColumn.AMOUNT.columnName(), "coalesce(s." + amount + ", 0) + coalesce(t." + amount + ", 0)");
        }
        if (keepsNames) {
            merge = merge.setting("name", "coalesce(s.name, t.name)");
        }
        return table.merge(session, base, (updatesOnly ? merge.withoutInserts() : merge).addingColumns());
    }

    @Override
    public void apply(ModelTable model) {
        apply(model, new Changes(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
    }

    /** Rows that a merge touches, as a feed of changes tells them. */
    record Changes(
            List<Map<ModelColumn, Object>> inserted,
            List<Map<ModelColumn, Object>> before,
            List<Map<ModelColumn, Object>> after,
            List<Map<ModelColumn, Object>> deleted) {}

    void apply(ModelTable model, Changes changes) {
        model.addColumns(columns);
        Map<List<Object>, Integer> byKey = new LinkedHashMap<>();
        for (int row = 0; row < source.size(); row++) {
            byKey.put(key(keys, source.get(row)), row);
        }
        Set<Integer> matched = new HashSet<>();
        List<Map<ModelColumn, Object>> rows = new ArrayList<>();
        for (Map<ModelColumn, Object> old : model.rows()) {
            Integer row = old.keySet().containsAll(keys) ? byKey.get(key(keys, old)) : null;
            if (row == null) {
                rows.add(old);
                continue;
            }
            matched.add(row);
            if (deletes() && gone.get(row)) {
                changes.deleted().add(old);
                continue;
            }
            Map<ModelColumn, Object> updated = updated(old, source.get(row));
            rows.add(updated);
            if (!updated.equals(old)) {
                changes.before().add(old);
                changes.after().add(updated);
            }
        }
        for (int row = 0; row < source.size() && !updatesOnly; row++) {
            if (!matched.contains(row) && !(deletes() && gone.get(row))) {
                rows.add(source.get(row));
                changes.inserted().add(source.get(row));
            }
        }
        model.setRows(rows);
    }

    private Map<ModelColumn, Object> updated(Map<ModelColumn, Object> old, Map<ModelColumn, Object> row) {
        @Nullable Object before = old.get(ModelColumn.AMOUNT);
        @Nullable Object given = row.get(ModelColumn.AMOUNT);
        if (newerOnly && (before == null || given == null || ModelColumn.compare(given, before) <= 0)) {
            return old;
        }
        Map<ModelColumn, Object> updated = new EnumMap<>(old);
        for (ModelColumn column : columns) {
            Object value = row.get(column);
            if (column == ModelColumn.AMOUNT && sums) {
                updated.put(column, number(before).add(number(given)));
            } else if (value != null) {
                updated.put(column, value);
            } else if (!(column == ModelColumn.NAME && keepsNames)) {
                updated.remove(column);
            }
        }
        return updated;
    }

    private static BigDecimal number(@Nullable Object value) {
        return value == null ? BigDecimal.ZERO.setScale(2) : (BigDecimal) value;
    }
}
