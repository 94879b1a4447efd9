package dev.tarn.connect.odoo;

import dev.tarn.connect.BronzeColumns;
import dev.tarn.connect.postgres.CopyFeed;
import dev.tarn.connect.postgres.SourceColumn;
import dev.tarn.engine.delta.Commit;
import dev.tarn.engine.delta.CommitRequest;
import dev.tarn.engine.delta.DeltaTable;
import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.delta.SourceProgress;
import dev.tarn.engine.delta.TableChange;
import dev.tarn.engine.delta.TableDefinition;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.event.UpdateRecord;
import dev.tarn.engine.event.UpdateStats;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Column;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.OdooSource;
import dev.tarn.model.Problem;
import dev.tarn.model.Sql;
import dev.tarn.model.UpdateId;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One table's part of a look. It must begin before the source's snapshot is taken: the number it gives to the rows is
 * then lower than that of any look with a later snapshot.
 */
final class TableLook {

    /** Stands for the plan: what a look does with the rows does not depend on the project. */
    private static final String PLAN = "extract";

    private final Lake lake;
    private final OdooSource source;
    private final OdooSource.Table table;
    private final DeltaTable bronze;
    private final @Nullable TableSnapshot base;
    private final @Nullable SourceCursor cursor;
    private final Instant begun;
    private Instant reading;

    private TableLook(
            Lake lake,
            OdooSource source,
            OdooSource.Table table,
            @Nullable TableSnapshot base,
            @Nullable SourceCursor cursor) {
        this.lake = lake;
        this.source = source;
        this.table = table;
        this.bronze = lake.table(table.target());
        this.base = base;
        this.cursor = cursor;
        this.begun = lake.clock().instant();
        this.reading = begun;
    }

    static TableLook begin(Lake lake, OdooSource source, OdooSource.Table table) {
        String flowId = flowId(source, table);
        TableSnapshot base = lake.table(table.target()).snapshot().orElse(null);
        SourceCursor cursor = Optional.ofNullable(base)
                .flatMap(snapshot -> snapshot.progress(flowId))
                .flatMap(progress -> progress.source(source.name()))
                .map(SourceProgress::cursor)
                .map(text -> SourceCursor.parse(flowId, text))
                .orElse(null);
        return new TableLook(lake, source, table, base, cursor);
    }

    private static String flowId(OdooSource source, OdooSource.Table table) {
        return source.name() + "." + table.relation();
    }

    OdooSource.Table table() {
        return table;
    }

    /** What keeps the table from being read, in the database as it is now. */
    List<Problem> problems(SourceState state, List<SourceColumn> columns) {
        if (cursor != null && !cursor.continuesIn(state)) {
            return List.of(
                    new Problem(
                            ErrorCode.SOURCE_RECREATED,
                            table.position(),
                            "Source " + source.name() + ": its database is not the one from which " + table.target()
                                    + " was read, or was restored to an earlier state, so changes cannot be told from what was"
                                    + " read.",
                            "Correct the secret " + source.database().name()
                                    + " if it names a copy; after a restore, start a new lake, which reads everything once more."));
        }
        return new ColumnChanges(source, table, base == null ? null : base.schema(), cursor).problems(columns);
    }

    /** Reads what is new and commits it. Empty when another writer came first and the look has to be repeated. */
    Optional<Extracted> read(OdooDatabase database, SourceState state, List<SourceColumn> all) {
        reading = lake.clock().instant();
        List<SourceColumn> columns = ColumnChanges.wanted(table, all);
        TableSnapshot target = base == null ? create(columns) : base;
        if (base == null && target.updateNumber(flowId(source, table)).isPresent()) {
            // Somebody made and filled the table since this look began: a number given now could be too high.
            return Optional.empty();
        }
        if (cursor != null && cursor.horizon() == state.next()) {
            return Optional.of(done(0, OptionalLong.empty()));
        }
        String condition = cursor == null ? "true" : cursor.condition(state);
        try {
            CopyFeed feed = CopyFeed.open(
                    database.connection(), table.relation(), columns, condition, BronzeColumns.RESCUED_DATA.name());
            // The first look at an empty table commits, too: until then nobody can tell it from one that was not read.
            if (feed.isEmpty() && cursor != null) {
                return Optional.of(done(0, OptionalLong.empty()));
            }
            return write(target, feed, SourceCursor.of(state, all));
        } catch (SQLException e) {
            throw database.failed(table.relation() + " was read", e);
        } catch (IOException e) {
            throw new IllegalStateException(table.relation() + " could not be decoded", e);
        }
    }

    private TableSnapshot create(List<SourceColumn> columns) {
        List<Column> source = columns.stream().map(SourceColumn::column).toList();
        String comment =
                "Every version of Odoo's " + table.relation() + " that was seen; of one id the highest _seq is now";
        return bronze.create(new TableDefinition(BronzeColumns.behind(source), List.of(), comment, Map.of()));
    }

    private Optional<Extracted> write(TableSnapshot target, CopyFeed feed, SourceCursor reached) throws SQLException {
        String flowId = flowId(source, table);
        long number = target.updateNumber(flowId).orElse(0) + 1;
        EventLog eventLog = new EventLog(lake);
        try (Session session = lake.duckDb().session()) {
            session.feed("rows", feed);
            TableChange written = bronze.append(session, target, select(target, feed, number));
            if (feed.failure().isPresent() || written.rows() != feed.rows()) {
                bronze.discard(written);
                throw brokenOff(feed, written);
            }
            UpdateId id = lake.newUpdateId();
            UpdateRecord told = record(id, target, written);
            eventLog.record(told);
            Commit commit = bronze.commit(written, request(id, number, reached, written.rows()));
            if (commit instanceof Commit.Committed) {
                return Optional.of(done(written.rows(), OptionalLong.of(((Commit.Committed) commit).version())));
            }
            bronze.discard(written);
            eventLog.withdraw(told);
            return Optional.empty();
        }
    }

    private UpdateRecord record(UpdateId id, TableSnapshot target, TableChange written) {
        return new UpdateRecord(
                id,
                UpdateRecord.Kind.EXTRACT,
                flowId(source, table),
                table.target(),
                target.version(),
                true,
                reading,
                new UpdateStats(written.rows(), written.rows(), 0, 0, List.of(), took()).writing(written.bytes()),
                null);
    }

    private SQLException brokenOff(CopyFeed feed, TableChange written) {
        Exception cause = feed.failure().orElse(null);
        if (cause instanceof SQLException) {
            return (SQLException) cause;
        }
        throw new IllegalStateException(
                "of " + table.relation() + " " + feed.rows() + " rows were read and " + written.rows() + " written",
                cause);
    }

    private CommitRequest request(UpdateId id, long number, SourceCursor reached, long rows) {
        return CommitRequest.ofFlow(
                flowId(source, table),
                number,
                new FlowProgress(PLAN, List.of(SourceProgress.ofCursor(source.name(), reached.toJson()))),
                id,
                "WRITE",
                Map.of("mode", "Append"),
                Map.of("numOutputRows", Long.toString(rows)));
    }

    private String select(TableSnapshot target, CopyFeed feed, long number) {
        String columns = BronzeColumns.ofSource(target.schema()).stream()
                .map(column -> feed.schema().names().contains(column.name())
                        ? Sql.identifier(column.name())
                        : "CAST(NULL AS " + DuckDbTypes.sqlType(column.type()) + ") AS "
                                + Sql.identifier(column.name()))
                .collect(Collectors.joining(", "));
        return "SELECT " + columns
                + ", 'upsert' AS " + Sql.identifier(BronzeColumns.OP.name())
                + ", " + number + "::BIGINT AS " + Sql.identifier(BronzeColumns.SEQ.name())
                + ", " + Sql.literal(source.name()) + " AS " + Sql.identifier(BronzeColumns.SOURCE.name())
                + ", make_timestamptz(" + ChronoUnit.MICROS.between(Instant.EPOCH, begun) + ") AS "
                + Sql.identifier(BronzeColumns.EXTRACTED_AT.name())
                + ", " + Sql.identifier(BronzeColumns.RESCUED_DATA.name())
                + " FROM \"rows\"()";
    }

    private Extracted done(long rows, OptionalLong version) {
        return new Extracted(table.target(), rows, version, took());
    }

    private Duration took() {
        return Duration.between(reading, lake.clock().instant());
    }
}
