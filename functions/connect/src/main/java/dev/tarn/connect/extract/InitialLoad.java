package dev.tarn.connect.extract;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.connect.bronze.Landing;
import dev.tarn.connect.postgres.CopyFeed;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.TableSource;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Reads all rows of a table, range by range, each in a snapshot and a commit of its own, so that it goes on where it broke
 * off.
 *
 * <p>What is written meanwhile may be met or missed; it was written at or above the horizon of the first range's snapshot,
 * which becomes the table's horizon, so that the look after the load reads it. Rows can only escape when they are moved
 * without being written, as VACUUM FULL does: then the table's file is another one, and the load begins anew.
 */
final class InitialLoad {

    private static final String ROWS = "rows";

    private final Lake lake;
    private final TableSource source;
    private final TableSource.Table table;
    private final int connections;
    private final LoadRange.Size size;

    /** @param connections that may be open to the source at one time */
    InitialLoad(Lake lake, TableSource source, TableSource.Table table, int connections, LoadRange.Size size) {
        this.lake = lake;
        this.source = source;
        this.table = table;
        this.connections = connections;
        this.size = size;
    }

    /**
     * Loads what is left. Empty when another writer came first.
     *
     * @param database in which nothing is being read
     * @param enough ends the load after a range, to be gone on with
     */
    Optional<Extracted> run(SourceDatabase database, BooleanSupplier enough) {
        long rows = 0;
        Duration took = Duration.ZERO;
        List<String> remarks = new ArrayList<>();
        while (true) {
            TableLook look = TableLook.begin(lake, source, table);
            if (!look.isLoading()) {
                return Optional.of(look.landing().nothing().with(remarks));
            }
            database.renew();
            database.hold(List.of(table.relation()));
            Optional<Extracted> range = range(database, look);
            if (range.isEmpty()) {
                return range;
            }
            rows += range.get().rows();
            took = took.plus(range.get().took());
            remarks.addAll(range.get().remarks());
            if (enough.getAsBoolean() || !TableLook.begin(lake, source, table).isLoading()) {
                return Optional.of(
                        new Extracted(table.target(), rows, range.get().version(), took, remarks));
            }
        }
    }

    private Optional<Extracted> range(SourceDatabase database, TableLook look) {
        SourceState state = database.state();
        look.requireSameDatabase(state);
        SourceCatalogue catalogue = new SourceCatalogue(database);
        SourceTable found = catalogue.table(table.relation());
        ColumnPlan plan = look.plan(found, catalogue.translated(table.relation()));
        SourceCursor before = look.cursor()
                .filter(cursor -> next(cursor).file() == found.file() && !plan.whole())
                .orElseGet(() -> begun(database, state, found));
        LoadRange range = LoadRange.at(database, table, found, next(before).next(), connections, size);
        TableInSnapshot snapshot = new TableInSnapshot(database, state, found, plan);
        List<SourceDatabase> others = new ArrayList<>();
        try (Session session = lake.duckDb().session()) {
            List<CopyFeed.Part> parts = new ArrayList<>();
            parts.add(
                    new CopyFeed.Part(database.connection(), range.conditions().get(0)));
            String exported = range.conditions().size() > 1 ? database.export() : "";
            for (String condition :
                    range.conditions().subList(1, range.conditions().size())) {
                SourceDatabase other = SourceDatabase.openAt(source, database.url(), exported);
                others.add(other);
                parts.add(new CopyFeed.Part(other.connection(), condition));
            }
            CopyFeed feed = database.copy(snapshot.request(), parts);
            session.feed(ROWS, feed);
            return land(session, look, snapshot, feed, before, range);
        } catch (SQLException e) {
            throw database.failed(table.relation() + " was loaded", e);
        } catch (IOException e) {
            throw new IllegalStateException(table.relation() + " could not be decoded", e);
        } finally {
            others.forEach(SourceDatabase::close);
        }
    }

    private SourceCursor begun(SourceDatabase database, SourceState state, SourceTable found) {
        return SourceCursor.of(state, found.columns())
                .loading(new SourceCursor.Load(LoadRange.first(database, table, found), found.file()));
    }

    private Optional<Extracted> land(
            Session session,
            TableLook look,
            TableInSnapshot snapshot,
            CopyFeed feed,
            SourceCursor before,
            LoadRange range) {
        SourceCursor reached = range.last()
                ? before.loaded()
                : before.loading(
                        new SourceCursor.Load(range.next(), next(before).file()));
        Landing.Rows rows = new Landing.Rows(
                snapshot.plan().landed().columns(),
                look.comment(),
                snapshot.plan().upserts("\"" + ROWS + "\"()"),
                written -> snapshot.requireAll(feed, written));
        return look.landing()
                .commit(session, rows, reached.toJson())
                .map(extracted -> extracted.with(snapshot.plan().remarks()));
    }

    private static SourceCursor.Load next(SourceCursor loading) {
        SourceCursor.Load load = loading.load();
        if (load == null) {
            throw new IllegalStateException("a load that is done goes on");
        }
        return load;
    }
}
