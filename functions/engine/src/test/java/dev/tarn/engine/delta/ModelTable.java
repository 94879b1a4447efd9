package dev.tarn.engine.delta;

import static java.util.stream.Collectors.joining;

import dev.tarn.engine.duckdb.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What a table should hold, in plain Java: rows are a multiset, and a value that a row does not have is NULL. */
public final class ModelTable {

    private static final String BETWEEN_VALUES = "\u001f";

    private final List<ModelColumn> columns;
    private List<Map<ModelColumn, Object>> rows;

    private ModelTable(List<ModelColumn> columns, List<Map<ModelColumn, Object>> rows) {
        this.columns = new ArrayList<>(columns);
        this.rows = rows;
    }

    /** Without rows. */
    public static ModelTable empty() {
        return new ModelTable(ModelColumn.FIRST, List.of());
    }

    /** As it is now, whatever comes. */
    public ModelTable copy() {
        return new ModelTable(columns, rows);
    }

    /** In the order of the table. */
    public List<ModelColumn> columns() {
        return List.copyOf(columns);
    }

    /** In no order. */
    public List<Map<ModelColumn, Object>> rows() {
        return rows;
    }

    void addColumns(List<ModelColumn> more) {
        more.stream().filter(column -> !columns.contains(column)).forEach(columns::add);
    }

    void setRows(List<Map<ModelColumn, Object>> all) {
        rows = List.copyOf(all);
    }

    void add(List<Map<ModelColumn, Object>> more) {
        List<Map<ModelColumn, Object>> all = new ArrayList<>(rows);
        all.addAll(more);
        setRows(all);
    }

    /** The values of a row, as the table has them. */
    public List<@Nullable Object> values(Map<ModelColumn, Object> row) {
        List<@Nullable Object> values = new ArrayList<>();
        columns.forEach(column -> values.add(row.get(column)));
        return values;
    }

    /** A text for each row, sorted. */
    List<String> texts() {
        return texts(rows);
    }

    List<String> texts(List<Map<ModelColumn, Object>> ofRows) {
        return ofRows.stream().map(this::text).sorted().toList();
    }

    private String text(Map<ModelColumn, Object> row) {
        return columns.stream().map(column -> column.text(row.get(column))).collect(joining(BETWEEN_VALUES));
    }

    /** A text for each row of the FROM-expression, as {@link #texts()} tells them. */
    List<String> texts(Session session, String from) {
        return texts(session, from, "''");
    }

    /** @param prefix an expression */
    List<String> texts(Session session, String from, String prefix) {
        String read = columns.stream().map(ModelColumn::readSql).collect(joining(", "));
        return session.query("SELECT " + prefix + ", " + read + " FROM " + from, this::text).stream()
                .sorted()
                .toList();
    }

    private String text(ResultSet row) throws SQLException {
        StringBuilder text = new StringBuilder(row.getString(1));
        for (int column = 0; column < columns.size(); column++) {
            text.append(column == 0 ? "" : BETWEEN_VALUES)
                    .append(columns.get(column).text(row.getObject(column + 2)));
        }
        return text.toString();
    }

    /** Random rows with all first columns. */
    static List<Map<ModelColumn, Object>> anyRows(SplittableRandom random, int number) {
        List<Map<ModelColumn, Object>> rows = new ArrayList<>();
        for (int row = 0; row < number; row++) {
            rows.add(anyRow(random, ModelColumn.FIRST));
        }
        return rows;
    }

    static Map<ModelColumn, Object> anyRow(SplittableRandom random, List<ModelColumn> columns) {
        Map<ModelColumn, Object> row = new EnumMap<>(ModelColumn.class);
        for (ModelColumn column : columns) {
            Object value = column.any(random);
            if (value != null) {
                row.put(column, value);
            }
        }
        return row;
    }

    /** The rows as a query. */
    static String sql(List<ModelColumn> columns, List<Map<ModelColumn, Object>> rows) {
        String names = columns.stream().map(ModelColumn::sqlName).collect(joining(", "));
        String typed = columns.stream()
                .map(column -> "CAST(" + column.sqlName() + " AS " + column.sqlType() + ") AS " + column.sqlName())
                .collect(joining(", "));
        String nothing = columns.stream().map(column -> "NULL").collect(joining(", ", "(", ")"));
        String values = rows.stream()
                .map(row -> columns.stream()
                        .map(column -> ModelColumn.untyped(row.get(column)))
                        .collect(joining(", ", "(", ")")))
                .collect(joining(", "));
        return "SELECT " + typed + " FROM (VALUES " + (rows.isEmpty() ? nothing : values) + ") v(" + names + ")"
                + (rows.isEmpty() ? " WHERE FALSE" : "");
    }

    /** Columns of the model that a table's snapshot has. */
    static List<ModelColumn> columnsOf(TableSnapshot snapshot) {
        return snapshot.schema().names().stream()
                .map(name -> {
                    for (ModelColumn column : ModelColumn.values()) {
                        if (column.columnName().equals(name)) {
                            return column;
                        }
                    }
                    throw new AssertionError("a column that the model does not know: " + name);
                })
                .toList();
    }
}
