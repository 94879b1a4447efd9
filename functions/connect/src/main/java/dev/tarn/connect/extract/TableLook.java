package dev.tarn.connect.extract;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.connect.bronze.Landing;
import dev.tarn.connect.postgres.CopyFeed;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One table's part of a look. It must begin before the source's snapshot is taken. */
final class TableLook {

    /** So far a horizon may fall behind before it is moved without any row to commit. */
    private static final long MOST_TRANSACTIONS_BEHIND = 1L << 24;

    private static final String ROWS = "rows";

    private final Lake lake;
    private final TableSource source;
    private final TableSource.Table table;
    private final Landing landing;
    private final @Nullable SourceCursor cursor;

    private TableLook(Lake lake, TableSource source, TableSource.Table table, Landing landing) {
        this.lake = lake;
        this.source = source;
        this.table = table;
        this.landing = landing;
        this.cursor = landing.cursor()
                .map(text -> SourceCursor.parse(landing.flowId(), text))
                .orElse(null);
    }

    static TableLook begin(Lake lake, TableSource source, TableSource.Table table) {
        return new TableLook(
                lake,
                source,
                table,
                Landing.begin(lake, source.name(), table.relation().toString(), table.target()));
    }

    /** Which rows a look asks for. */
    enum Pass {
        /** All that transactions at or above the horizon wrote; moves the horizon. */
        HORIZON,
        /** Those that {@code write_date} says are new; leaves the horizon where it is. */
        FRESH,
        /** All, of which those are landed that differ from what bronze has; begins a new horizon. */
        RESYNC
    }

    TableSource.Table table() {
        return table;
    }

    Landing landing() {
        return landing;
    }

    Lake lake() {
        return lake;
    }

    /** Empty before the first landing. */
    Optional<SourceCursor> cursor() {
        return Optional.ofNullable(cursor);
    }

    /** Whether rows that were there before the first look have not all been read. */
    boolean isLoading() {
        return cursor == null || cursor.load() != null;
    }

    /**
     * Throws {@link TarnException} with SOURCE_RECREATED for a database that is not the one that was read, SOURCE_BUSY for a
     * standby that lags behind it.
     */
    void requireSameDatabase(SourceState state) {
        if (cursor != null && cursor.isAheadOf(state)) {
            throw new TarnException(
                    ErrorCode.SOURCE_BUSY,
                    "Source " + source.name() + ": its database is a standby that has not come as far as "
                            + table.target() + " was read from the server it follows.",
                    "Nothing is lost; Tarn looks again. If it goes on, see whether replication still runs.");
        }
        if (cursor != null && !cursor.continuesIn(state)) {
            throw new TarnException(
                    List.of(new Problem(
                            ErrorCode.SOURCE_RECREATED,
                            table.position(),
                            "Source " + source.name() + ": its database is not the one from which " + table.target()
                                    + " was read, or was restored to an earlier state, or a standby of it took over, so"
                                    + " changes cannot be told from what was read.",
                            "Correct the secret " + source.connection().secret().name()
                                    + " if it names a copy; else tarn odoo resync reads the tables once more and lands what"
                                    + " differs.")),
                    null);
        }
    }

    /** What is read of the table's columns. Throws {@link TarnException} for everything that keeps it from being read. */
    ColumnPlan plan(SourceTable found, Set<String> translated) {
        TableSnapshot bronze = landing.base().orElse(null);
        return new ColumnPlanner(source, table, found, translated, bronze == null ? null : bronze.schema(), cursor)
                .plan();
    }

    /**
     * Reads what is new and, unless {@code gone} is null, finds what is gone; commits both at once. Empty when another
     * writer came first and the look has to be repeated.
     *
     * @param compared told which keys were compared, once their deletes are committed
     * @throws TarnException DELETES_HELD, after everything else was committed
     */
    Optional<Extracted> read(
            TableInSnapshot snapshot, Pass pass, @Nullable Comparison gone, Consumer<KeyRange> compared) {
        boolean unmoved = cursor().filter(
                        before -> before.horizon() == snapshot.state().next())
                .isPresent();
        if (unmoved && pass != Pass.RESYNC && !snapshot.plan().whole() && gone == null) {
            return Optional.of(landing.nothing());
        }
        try (Session session = lake.duckDb().session()) {
            CopyFeed feed = snapshot.rows(condition(session, snapshot, pass));
            if (feed.isEmpty() && gone == null && !mustMove(snapshot, pass)) {
                return Optional.of(landing.nothing().with(snapshot.plan().remarks()));
            }
            try (Spool arriving = arriving(session, snapshot, feed)) {
                return land(session, snapshot, pass, gone, compared, arriving);
            }
        } catch (SQLException e) {
            throw snapshot.database().failed(table.relation() + " was read", e);
        } catch (IOException e) {
            throw new IllegalStateException(table.relation() + " could not be decoded", e);
        }
    }

    private String condition(Session session, TableInSnapshot snapshot, Pass pass) {
        if (pass == Pass.FRESH) {
            return FreshRows.condition(session, landing.base().orElseThrow());
        }
        return snapshot.plan().whole() || pass == Pass.RESYNC
                ? "true"
                : cursor().orElseThrow().condition(snapshot.state());
    }

    private static Spool arriving(Session session, TableInSnapshot snapshot, CopyFeed feed) {
        session.feed(ROWS, feed);
        Spool spool = Spool.of(session, snapshot.plan().upserts("\"" + ROWS + "\"()"));
        try {
            snapshot.requireAll(feed, spool.rows());
            return spool;
        } catch (RuntimeException broken) {
            spool.close();
            throw broken;
        }
    }

    private Optional<Extracted> land(
            Session session,
            TableInSnapshot snapshot,
            Pass pass,
            @Nullable Comparison gone,
            Consumer<KeyRange> compared,
            Spool arriving)
            throws SQLException, IOException {
        Known known = new Known(session, landing.base().orElseThrow(), snapshot.plan());
        try (Versions versions = news(session, snapshot, pass, known, arriving)) {
            KeyRange range = gone == null ? KeyRange.ALL : known.next(gone.from(), gone.most());
            KeyComparison keys = new KeyComparison(session, table, snapshot, known, versions, range);
            if (gone != null) {
                keys.run(gone.limit());
            }
            List<String> remarks = new ArrayList<>(snapshot.plan().remarks());
            remarks.addAll(keys.remarks());
            Optional<Extracted> landed = versions.rows() == 0 && !mustMove(snapshot, pass)
                    ? Optional.of(landing.nothing())
                    : landing.commit(
                            session,
                            new Landing.Rows(
                                    snapshot.plan().landed().columns(), comment(), versions.select(), written -> {}),
                            reached(snapshot, pass));
            if (!keys.held().isEmpty()) {
                throw new TarnException(keys.held(), null);
            }
            if (gone != null && landed.isPresent()) {
                compared.accept(range);
            }
            return landed.map(extracted -> extracted.with(remarks));
        }
    }

    private static Versions news(Session session, TableInSnapshot snapshot, Pass pass, Known known, Spool arriving) {
        Versions versions = new Versions();
        try {
            if (pass == Pass.RESYNC) {
                known.slices().forEach(slice -> versions.add(session, known.differing(arriving, slice)));
            } else {
                versions.add(
                        session, snapshot.plan().whole() ? "SELECT * FROM " + arriving.from() : known.unread(arriving));
            }
            return versions;
        } catch (RuntimeException e) {
            versions.close();
            throw e;
        }
    }

    private boolean mustMove(TableInSnapshot snapshot, Pass pass) {
        boolean farBehind = cursor().filter(
                        before -> snapshot.state().horizon() - before.horizon() > MOST_TRANSACTIONS_BEHIND)
                .isPresent();
        return snapshot.plan().whole() || pass == Pass.RESYNC || pass == Pass.HORIZON && farBehind;
    }

    private String reached(TableInSnapshot snapshot, Pass pass) {
        return pass == Pass.FRESH
                ? cursor().orElseThrow().toJson()
                : SourceCursor.of(snapshot.state(), snapshot.found().columns()).toJson();
    }

    String comment() {
        return "Every version of " + table.relation() + " of " + source.name()
                + " that was seen; of one key, the highest _seq is now";
    }
}
