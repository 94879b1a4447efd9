package dev.tarn.connect.extract;

import dev.tarn.connect.postgres.SourceColumn;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.Sql;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/**
 * Which rows {@code write_date} says are new. Late commits escape it, so it only brings rows sooner; the horizon brings all
 * of them.
 */
final class FreshRows {

    static final String WRITE_DATE = "write_date";

    /** A transaction's write_date is its beginning: those that take no longer than this are seen. */
    private static final Duration OVERLAP = Duration.ofSeconds(10);

    private FreshRows() {}

    /** Whether an index finds them; without one, looking for them costs as much as the horizon, which finds all. */
    static boolean areIndexed(SourceTable table) {
        return table.indexed().contains(WRITE_DATE)
                && table.column(WRITE_DATE)
                        .map(SourceColumn::typeName)
                        .filter(type -> type.startsWith("timestamp"))
                        .isPresent();
    }

    static String condition(Session session, TableSnapshot bronze) {
        String newest = session.query(
                        "SELECT coalesce(strftime(max(" + WRITE_DATE + ") AT TIME ZONE 'UTC' - to_microseconds("
                                + OVERLAP.toNanos()
                                        / ChronoUnit.MICROS.getDuration().toNanos()
                                + "), '%Y-%m-%d %H:%M:%S.%f'), '-infinity') FROM "
                                + bronze.scan(session, () -> Set.of(WRITE_DATE)),
                        row -> row.getString(1))
                .get(0);
        return WRITE_DATE + " >= " + Sql.literal(newest);
    }
}
