package dev.tarn.connect.extract;

import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Plan;
import dev.tarn.model.Relation;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** One table's part of a {@link Verification}. */
final class TableVerification {

    private final Lake lake;
    private final SourceDatabase database;
    private final SourceState state;
    private final TableLook look;
    private final Plan project;

    TableVerification(Lake lake, SourceDatabase database, SourceState state, TableLook look, Plan project) {
        this.lake = lake;
        this.database = database;
        this.state = state;
        this.look = look;
        this.project = project;
    }

    private Relation relation() {
        return look.table().relation();
    }

    /**
     * @param silver null when silver has no table of the name
     * @param sameInSilver as {@link Verification} has it
     * @param sums columns to add up; none for all that can be
     */
    TableVerdict run(@Nullable TableSnapshot silver, BiPredicate<TableName, String> sameInSilver, List<String> sums) {
        if (look.isLoading()) {
            return new TableVerdict.NotLoaded(
                    relation(), look.table().target(), look.cursor().isPresent());
        }
        look.requireSameDatabase(state);
        SourceCatalogue catalogue = new SourceCatalogue(database);
        SourceTable found = catalogue.table(relation());
        ColumnPlan plan = look.plan(found, catalogue.translated(relation()));
        TableSnapshot bronze = look.landing().base().orElseThrow();
        LakeRows rows = new LakeRows(look.table().target(), bronze, silver, project, plan);
        List<SummedColumn> columns = rows.summable(relation(), sameInSilver, sums);
        TableInSnapshot snapshot = new TableInSnapshot(database, state, found, plan);
        try (Session session = lake.duckDb().session()) {
            Known known = new Known(session, bronze, plan);
            try (Spool here = rows.read(session, known, columns)) {
                RowComparison comparison = new RowComparison(lake, session, snapshot, known, columns, here);
                return comparison.run(look.cursor().orElseThrow().condition(state), rows);
            }
        } catch (SQLException e) {
            throw database.failed(relation() + " was compared", e);
        } catch (IOException e) {
            throw new IllegalStateException(relation() + " could not be decoded", e);
        }
    }
}
