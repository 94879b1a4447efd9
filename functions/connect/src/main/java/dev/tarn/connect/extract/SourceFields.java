package dev.tarn.connect.extract;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.bronze.BronzeColumns;
import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.connect.postgres.SourceColumn;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.FieldPolicy;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Lists the columns of a source's tables beside those that the lake has of them. */
public final class SourceFields {

    private final Lake lake;
    private final TableSource source;
    private final PostgresUrl url;

    public SourceFields(Lake lake, TableSource source, PostgresUrl url) {
        this.lake = requireNonNull(lake, "lake");
        this.source = requireNonNull(source, "source");
        this.url = requireNonNull(url, "url");
    }

    /** Lists them. Throws {@link TarnException} as {@link Extraction#connect}. */
    public List<TableFields> of(List<TableSource.Table> tables) {
        try (SourceDatabase database = SourceDatabase.open(source, url)) {
            new SourceCheck(database).run();
            SourceCatalogue catalogue = new SourceCatalogue(database);
            return tables.stream().map(table -> of(catalogue, table)).toList();
        }
    }

    private TableFields of(SourceCatalogue catalogue, TableSource.Table table) {
        TableLook look = TableLook.begin(lake, source, table);
        TableSchema bronze = look.landing().base().map(TableSnapshot::schema).orElse(null);
        SourceCursor cursor = look.cursor().orElse(null);
        SourceTable found = catalogue.table(table.relation());
        Set<String> translated = catalogue.translated(table.relation());
        List<TableFields.Field> fields = new ArrayList<>();
        found.columns().forEach(column -> fields.add(field(table, column, bronze, cursor)));
        if (bronze != null) {
            BronzeColumns.ofSource(bronze).stream()
                    .filter(column -> found.column(column.name()).isEmpty() && !isText(column.name(), translated))
                    .forEach(column -> fields.add(gone(column)));
        }
        return new TableFields(table.relation(), table.target(), bronze != null, fields);
    }

    /** Whether it is a text that Tarn takes out of a translated column. */
    private static boolean isText(String name, Set<String> translated) {
        return translated.stream().anyMatch(column -> name.equals(column + "_text"));
    }

    private TableFields.Field field(
            TableSource.Table table, SourceColumn column, @Nullable TableSchema bronze, @Nullable SourceCursor cursor) {
        DataType now = column.column().type();
        Optional<DataType> before =
                bronze == null ? Optional.empty() : bronze.column(column.name()).map(Column::type);
        TableFields.State state = TableFields.State.SAME;
        String meaning = "";
        Integer number = cursor == null ? null : cursor.columns().get(column.name());
        if (table.exclude().contains(column.name())) {
            state = TableFields.State.EXCLUDED;
            meaning = "never leaves the source";
        } else if (before.isEmpty() && bronze != null) {
            state = TableFields.State.NEW;
            meaning = added(column.name());
        } else if (before.isPresent() && !before.get().equals(now)) {
            state = TableFields.State.RETYPED;
            meaning = source.fields().retyped() == FieldPolicy.Retyped.FAIL
                    ? "the next look is refused (retyped_field: fail)"
                    : "what does not fit " + before.get() + " goes to _rescued_data (retyped_field: rescue)";
        } else if (before.isPresent() && number != null && number != column.number()) {
            state = TableFields.State.REMADE;
            meaning = source.fields().added() == FieldPolicy.Added.FAIL
                    ? "the next look is refused (new_field: fail)"
                    : "the next look reads the whole table once more";
        }
        return new TableFields.Field(column.name(), state, Optional.of(now), before, meaning);
    }

    private String added(String name) {
        return switch (source.fields().added()) {
            case ADD ->
                "the next look adds it; older rows get it when they are written, or all now with --backfill " + name;
            case RESCUE -> "values go to _rescued_data (new_field: rescue)";
            case FAIL -> "the next look is refused (new_field: fail)";
            case NONE -> "is not read (new_field: none)";
        };
    }

    private TableFields.Field gone(Column column) {
        return new TableFields.Field(
                column.name(),
                TableFields.State.GONE,
                Optional.empty(),
                Optional.of(column.type()),
                source.fields().removed() == FieldPolicy.Removed.FAIL
                        ? "the next look is refused (removed_field: fail)"
                        : "new versions of rows hold NULL (removed_field: warn)");
    }
}
