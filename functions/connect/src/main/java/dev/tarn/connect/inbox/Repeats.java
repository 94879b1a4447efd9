package dev.tarn.connect.inbox;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.bronze.Landing;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Sql;
import dev.tarn.model.TarnException;
import dev.tarn.model.WebhookColumns;
import dev.tarn.model.WebhookSource.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Events of an endpoint that came more than once, each time beyond the first a row of a table beside it. */
public final class Repeats {

    private static final String SUFFIX = "_repeats";
    private static final int MOST_TRIES = 10;

    private static final List<Column> COLUMNS = List.of(
            WebhookColumns.EVENT_ID,
            WebhookColumns.RECEIVED_AT,
            new Column("first_at", DataType.Simple.TIMESTAMP, "When the event was received first"),
            new Column("sender", DataType.Simple.STRING, "User agent of who repeated it, and the workflow of an n8n"));

    private static final Set<String> KEY = Set.of(WebhookColumns.EVENT_ID.name(), WebhookColumns.RECEIVED_AT.name());

    private final Lake lake;
    private final String source;
    private final Endpoint endpoint;

    public Repeats(Lake lake, String source, Endpoint endpoint) {
        this.lake = lake;
        this.source = requireNonNull(source, "source");
        this.endpoint = requireNonNull(endpoint, "endpoint");
    }

    /**
     * One that sends events more than once.
     *
     * @param sender empty when it does not say who it is
     * @param events that came again
     * @param repeats how often, the first times not counted
     * @param within longest time between the first time of an event and another
     * @param example id of the event that was repeated last
     * @param last when that was
     */
    public record BySender(String sender, long events, long repeats, Duration within, String example, Instant last) {
        public BySender {
            requireNonNull(sender, "sender");
            requireNonNull(within, "within");
            requireNonNull(example, "example");
            requireNonNull(last, "last");
        }
    }

    /** All senders of repeats, the busiest first. */
    public List<BySender> bySender() {
        TableSnapshot kept = lake.table(endpoint.repeats()).snapshot().orElse(null);
        if (kept == null) {
            return List.of();
        }
        try (Session session = lake.duckDb().session()) {
            return session.query(
                    "SELECT sender, count(DISTINCT event_id), count(*) AS repeats,"
                            + " max(epoch_us(received_at) - epoch_us(first_at)), arg_max(event_id, received_at),"
                            + " max(epoch_us(received_at)) FROM " + kept.scan(session)
                            + " GROUP BY sender ORDER BY repeats DESC, sender",
                    row -> new BySender(
                            row.getString(1),
                            row.getLong(2),
                            row.getLong(3),
                            Duration.ofNanos(Math.multiplyExact(row.getLong(4), 1_000L)),
                            row.getString(5),
                            Instant.EPOCH.plusNanos(Math.multiplyExact(row.getLong(6), 1_000L))));
        }
    }

    /** Keeps those that are not kept yet: a drain that ended early meets its files again, and that repeats nothing. */
    void keep(Session session, Spool judged, Instant begun) {
        String repeated = "SELECT event_id, received_at, least(first_at, received_at) AS first_at,"
                + " coalesce(sender, '') AS sender FROM " + judged.from() + " WHERE known AND same AND NOT again"
                + " OR NOT known AND place > 1 AND as_first";
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Landing landing = Landing.begin(lake, source, endpoint.name() + SUFFIX, endpoint.repeats());
            String kept = landing.base()
                    .map(there -> " ANTI JOIN " + there.scan(session, () -> KEY)
                            + " AS kept ON kept.event_id = new.event_id AND kept.received_at = new.received_at")
                    .orElse("");
            String select = "SELECT "
                    + Sql.identifiers(COLUMNS.stream().map(Column::name).toList())
                    + ", 'upsert' AS _op, NULL::VARCHAR AS _reason, NULL::BIGINT AS _xid, NULL::VARCHAR AS _rescued_data"
                    + " FROM (" + repeated + ") AS new" + kept;
            boolean none = session.query("SELECT count(*) FROM (" + select + ")", row -> row.getLong(1))
                            .get(0)
                    == 0;
            Landing.Rows rows =
                    new Landing.Rows(COLUMNS, "Events of " + endpoint.target() + " that came again", select, n -> {});
            if (none || landing.commit(session, rows, begun.toString()).isPresent()) {
                return;
            }
        }
        throw new TarnException(
                ErrorCode.COMMIT_CONFLICT,
                "Repeats could not be kept in " + endpoint.repeats() + ": other writers came first " + MOST_TRIES
                        + " times.",
                "Nothing is lost; the next run keeps them.");
    }
}
