package dev.tarn.connect.files;

import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Column;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Problem;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The bronze table of a drop, which is there before its first file, so that queries can read it. */
final class DropTable {

    private final FileDrop drop;
    private final Lake lake;
    private final DeltaTable table;

    DropTable(Lake lake, FileDrop drop) {
        this.lake = lake;
        this.drop = drop;
        this.table = lake.table(drop.target());
    }

    /**
     * Makes it, or gives it the columns that the project says since. Throws {@link TarnException} (SCHEMA_CHANGED).
     *
     * @return whether nothing was ever landed in it, so that flows which read it wait
     */
    boolean prepare() {
        Optional<TableSnapshot> known = table.snapshot();
        TableSnapshot snapshot = known.orElseGet(() -> table.create(new TableDefinition(
                drop.tableSchema(), List.of(), "Rows of the files landing/" + drop.path(), Map.of())));
        List<Column> wanted = new ArrayList<>(snapshot.schema().columns());
        List<Problem> problems = new ArrayList<>();
        for (Column column : drop.columns()) {
            Optional<Column> there = snapshot.schema().column(column.name());
            if (there.isEmpty()) {
                wanted.add(column);
            } else if (!there.get().type().equals(column.type())) {
                problems.add(retyped(there.get(), column));
            }
        }
        if (!problems.isEmpty()) {
            throw new TarnException(problems, null);
        }
        if (wanted.size() > snapshot.schema().columns().size()) {
            table.commitOrDiscard(
                    table.addColumns(snapshot, new TableSchema(wanted)),
                    CommitRequest.ofWork(lake.newUpdateId(), "ADD COLUMNS", Map.of()));
        }
        return snapshot.updateNumber(drop.source() + "." + drop.name()).isEmpty();
    }

    private Problem retyped(Column there, Column column) {
        return new Problem(
                ErrorCode.SCHEMA_CHANGED,
                drop.position(),
                "Column " + column.name() + " of " + drop.target() + " is " + there.type() + ", and the project says "
                        + column.type() + ".",
                "Keep its type and cast in silver, or give the column another name.");
    }
}
