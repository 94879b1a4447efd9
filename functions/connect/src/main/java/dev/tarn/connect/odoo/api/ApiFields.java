package dev.tarn.connect.odoo.api;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.bronze.BronzeColumns;
import dev.tarn.connect.bronze.Landing;
import dev.tarn.connect.extract.TableFields;
import dev.tarn.connect.extract.TableFields.State;
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
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lists the columns that the models of a source have through its API beside those that the lake has of them. */
public final class ApiFields {

    private final Lake lake;
    private final ApiAccess access;
    private final TableSource source;

    public ApiFields(Lake lake, ApiAccess access) {
        this.lake = requireNonNull(lake, "lake");
        this.access = requireNonNull(access, "access");
        this.source = access.source();
    }

    /** Lists them. Throws {@link TarnException} as {@link dev.tarn.connect.extract.Extraction#connect}. */
    public List<TableFields> of(List<TableSource.Table> tables) {
        OdooRecords records = access.open();
        Map<TableSource.Table, String> models = new ModelNames(source, records).find();
        return tables.stream()
                .map(table -> new OfTable(table).list(records, requireNonNull(models.get(table))))
                .toList();
    }

    private final class OfTable {

        private final TableSource.Table table;
        private final @Nullable TableSchema bronze;
        private final @Nullable ApiCursor cursor;

        private OfTable(TableSource.Table table) {
            this.table = table;
            Landing landing =
                    Landing.begin(lake, source.name(), table.relation().toString(), table.target());
            this.bronze = landing.base().map(TableSnapshot::schema).orElse(null);
            this.cursor = landing.cursor()
                    .flatMap(text -> ApiCursor.parse(landing.flowId(), text))
                    .orElse(null);
        }

        private TableFields list(OdooRecords records, String model) {
            List<ApiColumn> columns = ApiColumn.ofAll(records.fields(model).values(), table);
            List<TableFields.Field> fields = new ArrayList<>();
            columns.forEach(column -> fields.add(field(column)));
            if (bronze != null) {
                BronzeColumns.ofSource(bronze).stream()
                        .filter(column -> columns.stream()
                                .noneMatch(found -> found.column().name().equals(column.name())))
                        .forEach(column -> fields.add(gone(column)));
            }
            return new TableFields(table.relation(), table.target(), bronze != null, fields);
        }

        private TableFields.Field field(ApiColumn column) {
            String name = column.column().name();
            DataType now = column.column().type();
            Optional<DataType> before =
                    bronze == null ? Optional.empty() : bronze.column(name).map(Column::type);
            State state = State.SAME;
            String meaning = "";
            if (table.exclude().contains(name) || table.exclude().contains(column.field())) {
                state = State.EXCLUDED;
                meaning = "never leaves the source";
            } else if (before.isEmpty() && bronze != null) {
                state = State.NEW;
                meaning = added();
            } else if (before.isPresent() && !before.get().equals(now)) {
                state = State.RETYPED;
                meaning = source.fields().retyped() == FieldPolicy.Retyped.FAIL
                        ? "the next look is refused (retyped_field: fail)"
                        : "what does not fit " + before.get() + " goes to _rescued_data (retyped_field: rescue)";
            } else if (before.isPresent() && cursor != null && !cursor.fields().contains(name)) {
                state = State.REMADE;
                meaning = "is there again: the next look reads the whole model once more";
            }
            return new TableFields.Field(name, state, Optional.of(now), before, meaning);
        }

        private String added() {
            return switch (source.fields().added()) {
                case ADD -> "the next look adds it and reads the whole model once more";
                case RESCUE -> "values go to _rescued_data (new_field: rescue)";
                case FAIL -> "the next look is refused (new_field: fail)";
                case NONE -> "is not read (new_field: none)";
            };
        }

        /** The API hides a field that the user's groups may not see. */
        private TableFields.Field gone(Column column) {
            return new TableFields.Field(
                    column.name(),
                    State.GONE,
                    Optional.empty(),
                    Optional.of(column.type()),
                    "gone, or " + access.user() + " no longer sees it; "
                            + (source.fields().removed() == FieldPolicy.Removed.FAIL
                                    ? "the next look is refused (removed_field: fail)"
                                    : "new versions of rows hold NULL (removed_field: warn)"));
        }
    }
}
