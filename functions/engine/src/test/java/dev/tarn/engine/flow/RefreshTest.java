package dev.tarn.engine.flow;

import static dev.tarn.engine.flow.ChangesLake.SILVER;
import static dev.tarn.engine.flow.ChangesLake.type1;
import static dev.tarn.engine.flow.ChangesLake.type2;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.Fault;
import dev.tarn.engine.storage.Faults;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.MemoryFolder;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.Flow;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a table when its flow changes, or is to be made anew. */
class RefreshTest {

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    private ChangesLake lake;

    @BeforeEach
    void open() {
        lake = new ChangesLake(folder, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        lake.close();
    }

    /** A flow over bronze that fills {@code columns} by {@code select}. */
    private static Flow flow(
            Effect effect, String select, String hash, Map<String, String> properties, Column... columns) {
        boolean view = effect instanceof Effect.Replace;
        Dataset dataset = new Dataset(
                SILVER,
                view ? Dataset.Kind.MATERIALIZED_VIEW : Dataset.Kind.STREAMING_TABLE,
                new TableSchema(List.of(columns)),
                Set.of(),
                List.of(),
                List.of(),
                "About " + hash,
                properties,
                ChangesLake.POSITION);
        return new Flow(
                "rows",
                dataset,
                effect,
                List.of(new Flow.Input(
                        ChangesLake.BRONZE, view || effect.once() ? Flow.Reading.WHOLE : Flow.Reading.STREAM)),
                "SELECT " + select + " FROM \"bronze.changes\"",
                List.of(),
                List.of(),
                hash,
                ChangesLake.POSITION);
    }

    private static final Column ID = new Column("id", DataType.Simple.INT);
    private static final Column NAME = new Column("name", DataType.Simple.STRING);
    private static final Column NUMBER = new Column("name", DataType.Simple.INT);

    private static Flow stream(String select, String hash, Column... columns) {
        return flow(new Effect.Append(false), select, hash, Map.of(), columns);
    }

    @Test
    void aViewWhoseColumnsChangeIsMadeAnewInOneCommit() {
        lake.arrive("(1, 'a', 1, 'u', 1)", "(2, 'b', 2, 'u', 1)");
        lake.updates.run(flow(new Effect.Replace(), "id, name", "one", Map.of(), ID, NAME));
        long before = lake.snapshot(SILVER).version();
        lake.updates.run(flow(
                new Effect.Replace(),
                "name, id + 1 AS id2",
                "two",
                Map.of(),
                NAME,
                new Column("id2", DataType.Simple.INT)));
        assertThat(lake.rows()).containsExactly("a|2", "b|3");
        TableSnapshot now = lake.snapshot(SILVER);
        assertThat(now.version()).isEqualTo(before + 1);
        assertThat(now.comment()).isEqualTo("About two");
        assertThat(lake.lake.table(SILVER).snapshotAt(before).schema().names()).containsExactly("id", "name");
    }

    @Test
    void rowsOfAnUpdateLieTogetherByWhatTheTableIsClusteredBy() {
        lake.arrive("(3, 'c', 1, 'u', 1)", "(1, 'b', 2, 'u', 1)", "(2, 'a', 2, 'u', 1)");
        Flow plain = stream("id, name", "one", ID, NAME);
        Dataset of = plain.dataset();
        Dataset clustered = new Dataset(
                of.name(), of.kind(), of.schema(), Set.of(), List.of(), List.of("name"), "", Map.of(), of.position());
        lake.updates.run(new Flow(
                plain.id(),
                clustered,
                plain.effect(),
                plain.inputs(),
                plain.sql(),
                List.of(),
                List.of(),
                "two",
                of.position()));
        TableSnapshot written = lake.snapshot(SILVER);
        try (Session session = lake.lake.duckDb().session()) {
            assertThat(session.query("SELECT name FROM " + written.scan(session), row -> row.getString(1)))
                    .containsExactly("a", "b", "c");
        }
    }

    @Test
    void aStreamWithMoreColumnsFillsThemFromNowOn() {
        lake.arrive("(1, 'a', 1, 'u', 1)");
        lake.updates.run(stream("id", "one", ID));
        lake.arrive("(2, 'b', 2, 'u', 1)");
        lake.updates.run(stream("name, id", "two", NAME, ID));
        lake.arrive("(3, 'c', 2, 'u', 1)");
        lake.updates.run(stream("name, id", "two", NAME, ID));
        assertThat(lake.rows()).containsExactly("1|null", "2|b", "3|c");
    }

    @Test
    void aStreamWhoseColumnsDoNotFitIsRefused() {
        lake.arrive("(1, 'a', 1, 'u', 1)");
        lake.updates.run(stream("id, name", "one", ID, NAME));
        lake.arrive("(2, 'b', 2, 'u', 1)");
        assertThatThrownBy(() -> lake.updates.run(stream("CAST(seq AS INTEGER) AS name", "two", NUMBER)))
                .hasMessage(
                        "pipelines/silver_rows.sql:7:1  SCHEMA_CHANGED  silver.rows cannot become what its flows now"
                                + " fill, since its rows stay: id should go; name is STRING, and should be INT.\n    Make it anew"
                                + " from what its sources have with tarn update silver.rows --full-refresh, or change the query"
                                + " back. New columns alone can be added as it is.");
        assertThat(lake.rows()).containsExactly("1|a");
    }

    @Test
    void aFullRefreshMakesAStreamAnewFromTheRowsThatItsSourceHas() {
        lake.arrive("(1, 'a', 1, 'u', 1)");
        lake.updates.run(stream("id, name", "one", ID, NAME));
        lake.arrive("(2, 'b', 2, 'u', 1)");
        Flow changed = stream("CAST(seq AS INTEGER) AS name", "two", NUMBER);
        long before = lake.snapshot(SILVER).version();
        assertThat(lake.updates.refresh(changed)).isInstanceOf(UpdateOutcome.Completed.class);
        assertThat(lake.rows()).containsExactly("1", "1");
        assertThat(lake.snapshot(SILVER).version()).isEqualTo(before + 1);
        assertThat(lake.updates.run(changed)).isInstanceOf(UpdateOutcome.NothingNew.class);
        lake.arrive("(3, 'c', 2, 'u', 7)");
        lake.updates.run(changed);
        assertThat(lake.rows()).containsExactly("1", "1", "7");
    }

    @Test
    void aTableThatMustNotBeRefreshedIsNot() {
        lake.arrive("(1, 'a', 1, 'u', 1)");
        Flow kept = flow(new Effect.Append(false), "id", "one", Map.of("pipelines.reset.allowed", "false"), ID);
        lake.updates.run(kept);
        assertThatThrownBy(() -> lake.updates.refresh(kept))
                .hasMessage(
                        "pipelines/silver_rows.sql:7:1  REFRESH_REFUSED  silver.rows must not be refreshed fully: it"
                                + " sets pipelines.reset.allowed to false.\n    Take the property away, if its sources still have"
                                + " all of its rows.");
    }

    @Test
    void aBackFillRunsOnceAndAgainWithAFullRefresh() {
        lake.arrive("(1, 'a', 1, 'u', 1)");
        Flow once = flow(new Effect.Append(true), "id", "one", Map.of(), ID);
        assertThat(lake.updates.run(once)).isInstanceOf(UpdateOutcome.Completed.class);
        lake.arrive("(2, 'b', 1, 'u', 1)");
        assertThat(lake.updates.run(once)).isInstanceOf(UpdateOutcome.NothingNew.class);
        assertThat(lake.rows()).containsExactly("1");
        lake.updates.refresh(once);
        assertThat(lake.rows()).containsExactly("1", "2");
    }

    @Test
    void changesByKeyAreMadeAnewFromAllChanges() {
        Flow old = ChangesLake.flow(type1());
        lake.arrive("(1, 'a', 1, 'u', 1)", "(2, 'b', 1, 'u', 5)");
        lake.updates.run(old);
        lake.arrive("(2, NULL, NULL, 'd', 6)");
        Flow versions = ChangesLake.flow(type2("name"));
        assertThatThrownBy(() -> lake.updates.run(versions)).isInstanceOf(TarnException.class);
        lake.updates.refresh(versions);
        assertThat(lake.rows()).containsExactly("1|a|1.00|1|null", "2|b|1.00|5|6");
        lake.updates.refresh(old);
        assertThat(lake.rows()).containsExactly("1|a|1.00");
        lake.arrive("(2, 'late', 1, 'u', 5)", "(1, 'a2', 1, 'u', 2)");
        lake.updates.run(old);
        assertThat(lake.rows()).containsExactly("1|a2|1.00");
    }

    /** At every change of the lake: readers see the old table or the new one, and the next refresh makes up for it. */
    @Test
    void aRefreshThatFailsLeavesTheOldTableOrTheNewOne() throws IOException {
        Flow old = ChangesLake.flow(type2("name"));
        Flow anew = ChangesLake.flow(type2("name", "amount"));
        lake.arrive("(1, 'a', 1, 'u', 1)", "(1, 'a', 2, 'u', 2)", "(2, 'b', 1, 'u', 5)", "(2, NULL, NULL, 'd', 6)");
        lake.updates.run(old);
        List<String> before = lake.rows();
        List<String> after = List.of("1|a|1.00|1|2", "1|a|2.00|2|null", "2|b|1.00|5|6");
        AtomicLong changes = new AtomicLong(Long.MAX_VALUE);
        List<Long> newOnes = new ArrayList<>();
        for (long change = 0; change < changes.get(); change++) {
            AtomicLong seen = new AtomicLong();
            Faults counting = call -> {
                seen.addAndGet(call.operation().isChange() ? 1 : 0);
                return Optional.empty();
            };
            Faults fault = Faults.nth(change, call -> call.operation().isChange(), new Fault.Fail(Fault.Moment.AFTER));
            try (ChangesLake failing = new ChangesLake(
                    new FaultyStorage(new LocalStorage(folder.resolve("lake")), fault.or(counting), "failing"),
                    Files.createTempDirectory(folder, "failing"),
                    Clock.systemUTC())) {
                failing.updates.refresh(anew);
            } catch (UncheckedIOException | TarnException failed) {
                assertThat(failed).isNotNull();
            }
            if (seen.get() <= change) {
                break;
            }
            assertThat(lake.rows()).as("change " + change).isIn(before, after);
            if (lake.rows().equals(after)) {
                newOnes.add(change);
            }
            lake.updates.refresh(old);
            assertThat(lake.rows()).isEqualTo(before);
        }
        assertThat(newOnes).isNotEmpty();
    }
}
