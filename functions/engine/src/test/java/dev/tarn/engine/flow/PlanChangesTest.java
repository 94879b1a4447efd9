package dev.tarn.engine.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.plan.PlanStore;
import dev.tarn.engine.storage.MemoryFolder;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What another plan means for tables that are there. */
class PlanChangesTest {

    private static final Column ID = new Column("id", DataType.Simple.INT);
    private static final Column NAME = new Column("name", DataType.Simple.STRING);

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    private ChangesLake lake;

    @BeforeEach
    void open() {
        lake = new ChangesLake(folder, Clock.systemUTC());
        lake.arrive("(1, 'a', 1, 'u', 1)");
    }

    @AfterEach
    void close() {
        lake.close();
    }

    private static Flow flow(String id, String table, Effect effect, String select, String hash, Column... columns) {
        boolean view = effect instanceof Effect.Replace;
        return new Flow(
                id,
                Dataset.of(
                        TableName.parse(table),
                        view ? Dataset.Kind.MATERIALIZED_VIEW : Dataset.Kind.STREAMING_TABLE,
                        new TableSchema(List.of(columns)),
                        ChangesLake.POSITION),
                effect,
                List.of(new Flow.Input(
                        ChangesLake.BRONZE, view || effect.once() ? Flow.Reading.WHOLE : Flow.Reading.STREAM)),
                "SELECT " + select + " FROM \"bronze.changes\"",
                List.of(),
                List.of(),
                hash,
                ChangesLake.POSITION);
    }

    private static Flow stream(String id, String table, String hash, Column... columns) {
        return flow(id, table, new Effect.Append(false), columns.length == 1 ? "id" : "id, name", hash, columns);
    }

    private static Plan plan(String hash, Flow... flows) {
        return new Plan(hash, "test", ZoneId.of("UTC"), List.of(flows), List.of(), List.of());
    }

    private PlanChanges of(Flow... flows) {
        return PlanChanges.of(lake.lake, plan("0".repeat(16), flows));
    }

    private PipelineChange one(Flow flow) {
        return of(flow).flows().get(0);
    }

    private void deploy(Plan plan) throws IOException {
        new PlanStore(lake.lake.storage()).deploy(plan);
    }

    @Test
    void aFlowIsNewUntilItHasFilledItsTable() {
        Flow flow = stream("rows", "silver.rows", "one", ID);
        assertThat(one(flow).kind()).isEqualTo(PipelineChange.Kind.NEW);
        lake.updates.run(flow);
        assertThat(one(flow).kind()).isEqualTo(PipelineChange.Kind.UNCHANGED);
        PipelineChange second = one(stream("more", "silver.rows", "two", ID));
        assertThat(second.kind()).isEqualTo(PipelineChange.Kind.NEW);
        assertThat(second.sentence())
                .isEqualTo(
                        "The flow more is new: it fills the table with all that its sources have, and the rows that are"
                                + " there stay.");
    }

    @Test
    void aViewIsComputedAnewWhateverChanged() {
        lake.updates.run(flow("rows", "silver.rows", new Effect.Replace(), "id", "one", ID));
        assertThat(one(flow("rows", "silver.rows", new Effect.Replace(), "id + 1 AS id", "two", ID))
                        .kind())
                .isEqualTo(PipelineChange.Kind.RECOMPUTE);
        assertThat(one(flow("rows", "silver.rows", new Effect.Replace(), "name", "two", NAME))
                        .kind())
                .isEqualTo(PipelineChange.Kind.RECOMPUTE);
    }

    @Test
    void aViewThatShowsTheSameByAnotherDefinitionIsCommittedOnce() {
        Flow first = flow("rows", "silver.rows", new Effect.Replace(), "id", "one", ID);
        Flow same = flow("rows", "silver.rows", new Effect.Replace(), "id + 0 AS id", "two", ID);
        lake.updates.run(first);
        long before = lake.snapshot(ChangesLake.SILVER).version();
        assertThat(lake.updates.run(same)).isInstanceOf(UpdateOutcome.Completed.class);
        assertThat(one(same).kind()).isEqualTo(PipelineChange.Kind.UNCHANGED);
        assertThat(lake.updates.run(same)).isInstanceOf(UpdateOutcome.NothingNew.class);
        Flow some = flow("rows", "silver.rows", new Effect.Replace(), "DISTINCT id", "three", ID);
        assertThat(lake.updates.run(some)).isInstanceOf(UpdateOutcome.Completed.class);
        lake.arrive("(1, 'a', 1, 'u', 2)");
        assertThat(lake.updates.run(some)).isInstanceOf(UpdateOutcome.Unchanged.class);
        assertThat(lake.snapshot(ChangesLake.SILVER).version()).isEqualTo(before + 2);
        assertThat(lake.rows()).containsExactly("1");
    }

    @Test
    void aStreamFollowsItsNewDefinitionFromNowOnOrIsRefused() {
        lake.updates.run(stream("rows", "silver.rows", "one", ID));
        PipelineChange more = one(stream("rows", "silver.rows", "two", ID, NAME));
        assertThat(more.kind()).isEqualTo(PipelineChange.Kind.NEW_ROWS_ONLY);
        assertThat(more.sentence())
                .isEqualTo(
                        "Its definition changed: what comes from now on follows it, and the rows that are there stay as"
                                + " they are without values in the new column. --full-refresh makes all anew.");
        PipelineChange other = one(flow("rows", "silver.rows", new Effect.Append(false), "name", "two", NAME));
        assertThat(other.kind()).isEqualTo(PipelineChange.Kind.REFUSED);
        assertThat(other.refusal())
                .hasToString(Target.refusal(other.flow().dataset(), lake.snapshot(ChangesLake.SILVER))
                        .toString());
    }

    @Test
    void aBackFillThatRanIsDoneAndRunsAgainWhenItIsReplayed() {
        Flow once = flow("old", "silver.rows", new Effect.Append(true), "id", "one", ID);
        lake.updates.run(once);
        PipelineChange done = one(flow("old", "silver.rows", new Effect.Append(true), "id + 1 AS id", "two", ID));
        assertThat(done.isChange()).isFalse();
        assertThat(done.sentence())
                .isEqualTo(
                        "The back-fill old has run, as it was defined before. tarn update --flow old --replay runs it"
                                + " again.");
        lake.arrive("(2, 'b', 1, 'u', 1)");
        assertThat(lake.updates.replay(once)).isInstanceOf(UpdateOutcome.Completed.class);
        assertThat(lake.rows()).containsExactly("1", "1", "2");
        assertThat(lake.updates.run(once)).isInstanceOf(UpdateOutcome.NothingNew.class);
    }

    @Test
    void whatFormerPlansFilledAndNobodyDoesNowIsFound() throws IOException {
        Flow rows = stream("rows", "silver.rows", "one", ID);
        Flow gone = stream("gone", "silver.gone", "one", ID, NAME);
        Flow never = stream("never", "silver.never", "one", ID);
        lake.updates.run(rows);
        lake.updates.run(gone);
        lake.lake.table(never.target()).create(new Target(lake.lake, never).definition());
        deploy(plan("a".repeat(16), rows, gone, never));
        deploy(plan("b".repeat(16), rows));

        assertThat(of(rows).removedTables()).containsExactly(new PlanChanges.RemovedTable(gone.target(), 1, null));
        PlanChanges renamed =
                of(stream("lines", "silver.rows", "one", ID), stream("gone2", "silver.gone2", "one", NAME, ID));
        assertThat(renamed.removedTables())
                .containsExactly(new PlanChanges.RemovedTable(gone.target(), 1, TableName.parse("silver.gone2")));
        assertThat(renamed.removedFlows()).containsExactly(new PlanChanges.RemovedFlow("rows", rows.target()));
        assertThat(of(rows, gone).removedTables()).isEmpty();
    }
}
