package dev.tarn.readers;

import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.DeltaTables;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.Column;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tarn itself: the scan of a snapshot, run by DuckDB. */
final class TarnReader {

    private final DeltaTables tables;
    private final DuckDb duckDb;

    TarnReader(DeltaTables tables, DuckDb duckDb) {
        this.tables = tables;
        this.duckDb = duckDb;
    }

    TableContent read(TableName name, OptionalLong version) {
        TableSnapshot snapshot = snapshot(tables.table(name), version);
        return read(snapshot.schema(), snapshot::scan);
    }

    /** What the change feed tells of the versions {@code from} to {@code to}, both inclusive. */
    TableContent changes(TableName name, long from, long to) {
        TableSchema schema = tables.table(name).snapshotAt(to).schema();
        List<Column> columns = new ArrayList<>(schema.columns());
        columns.add(new Column("_change_type", Simple.STRING));
        columns.add(new Column("_commit_version", Simple.BIGINT));
        columns.add(new Column("_commit_timestamp", Simple.TIMESTAMP));
        return read(new TableSchema(columns), session -> tables.table(name)
                .changes(session, from, to, () -> Set.copyOf(schema.names())));
    }

    TableContent readAsOf(TableName name, Instant moment) {
        TableSnapshot snapshot = tables.table(name).snapshotAt(moment);
        return read(snapshot.schema(), snapshot::scan);
    }

    private TableContent read(TableSchema schema, Function<Session, String> scan) {
        List<String> names = schema.names();
        List<String> columns = schema.columns().stream()
                .map(column -> TableContent.column(column.name(), column.type().toString()))
                .toList();
        String selected = names.stream().map(Sql::identifier).collect(Collectors.joining(", "));
        try (Session session = duckDb.session()) {
            return new TableContent(
                    columns,
                    session.query(
                            "SELECT " + selected + " FROM " + scan.apply(session) + " AS t",
                            row -> CanonicalText.of(values(row, names.size()))));
        }
    }

    private static TableSnapshot snapshot(DeltaTable table, OptionalLong version) {
        return version.isPresent()
                ? table.snapshotAt(version.getAsLong())
                : table.snapshot().orElseThrow(() -> new IllegalStateException(table.location() + " does not exist"));
    }

    private static List<Object> values(ResultSet row, int columns) throws SQLException {
        List<Object> values = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
            values.add(value(row.getObject(column)));
        }
        return values;
    }

    private static @Nullable Object value(@Nullable Object value) throws SQLException {
        if (value instanceof Array array) {
            return values(Arrays.asList((Object[]) array.getArray()));
        }
        if (value instanceof Struct struct) {
            return values(Arrays.asList(struct.getAttributes()));
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> entries = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                entries.put(value(entry.getKey()), value(entry.getValue()));
            }
            return entries;
        }
        if (value instanceof OffsetDateTime moment) {
            return moment.toInstant();
        }
        if (value instanceof Timestamp local) {
            return local.toLocalDateTime();
        }
        if (value instanceof Blob blob) {
            return bytes(blob);
        }
        return value;
    }

    private static List<Object> values(List<?> elements) throws SQLException {
        List<Object> values = new ArrayList<>();
        for (Object element : elements) {
            values.add(value(element));
        }
        return values;
    }

    private static byte[] bytes(Blob blob) throws SQLException {
        try {
            return blob.getBinaryStream().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
