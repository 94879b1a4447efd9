package dev.tarn.connect.odoo.api;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.extract.LakeComparison;
import dev.tarn.connect.extract.TableVerdict;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Column;
import dev.tarn.model.Plan;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One model's part of a comparison. Ids and dates of all records are listed. A range of ids in which bronze has the same
 * ones, and the server the same sums, is taken to be as bronze has it; of every other range the numbers are read.
 */
final class ModelVerification {

    private static final String READ = "verified";
    private static final Set<ApiColumn.Form> NUMBERS = Set.of(ApiColumn.Form.INTEGER, ApiColumn.Form.DECIMAL);

    private final Lake lake;
    private final TableSource source;
    private final TableSource.Table table;
    private final OdooRecords records;
    private final Standing standing;
    private final ModelPlan plan;

    ModelVerification(Lake lake, TableSource source, TableSource.Table table, OdooRecords records, Standing standing) {
        this.lake = lake;
        this.source = source;
        this.table = table;
        this.records = records;
        this.standing = standing;
        this.plan = standing.plan();
    }

    /**
     * @param silver null when silver has no table of the name
     * @param sums columns to add up; none for all that can be
     */
    TableVerdict run(
            @Nullable TableSnapshot silver,
            Plan project,
            BiPredicate<TableName, String> sameInSilver,
            List<String> sums) {
        ApiCursor cursor = standing.cursor();
        if (standing.landing().base().isEmpty() || cursor == null || !cursor.whole()) {
            return new TableVerdict.NotLoaded(table.relation(), table.target(), cursor != null);
        }
        TableSnapshot bronze = standing.landing().base().get();
        LakeComparison.Asked asked = new LakeComparison.Asked(table, Domains.ID, numbers(), sums);
        try (Session session = lake.duckDb().session();
                LakeComparison comparison =
                        LakeComparison.open(lake, session, asked, bronze, silver, project, sameInSilver);
                Spool present = Spool.of(session, ModelPlan.present(session, bronze, "true"));
                Spool values = Spool.of(session, comparison.inBronze());
                Spool changed = changed(session, bronze, present)) {
            List<IdRange> differing = IdRange.of(session, present).stream()
                    .filter(range -> differs(session, range, changed, values, comparison.columns()))
                    .toList();
            try (Spool read = read(session, differing, comparison.columns());
                    Spool there = Spool.of(session, there(differing, read, values, present, bronze, comparison))) {
                return explained(session, there, comparison.compare(there));
            }
        }
    }

    private List<Column> numbers() {
        return plan.read().stream()
                .filter(column -> NUMBERS.contains(column.form()))
                .map(ApiColumn::column)
                .toList();
    }

    /** Whether dates can be compared. */
    private boolean dates(TableSnapshot bronze) {
        return plan.dated() && bronze.schema().column(Domains.WRITE_DATE).isPresent();
    }

    /** Ids that only one side has, or each with another date. */
    private Spool changed(Session session, TableSnapshot bronze, Spool present) {
        MissedRecords reader =
                new MissedRecords(session, records, plan, bronze, standing.attachments(lake, source, table, records));
        List<IdRange> all = List.of(new IdRange(0, -1, 0));
        try (Spool listed = reader.list(new IdRange.Pages(records, plan.model(), reader.listedFields(), all)::next)) {
            String same = " AS b ON a.id = b.id"
                    + (dates(bronze) ? " AND a.write_date IS NOT DISTINCT FROM b.write_date" : "");
            return Spool.of(
                    session,
                    "SELECT a.id FROM " + listed.from() + " AS a ANTI JOIN " + present.from() + same
                            + " UNION ALL SELECT a.id FROM " + present.from() + " AS a ANTI JOIN " + listed.from()
                            + same);
        }
    }

    private boolean differs(Session session, IdRange range, Spool changed, Spool values, List<String> columns) {
        if (session.query(
                                "SELECT count(*) FROM " + changed.from() + " WHERE " + range.condition(),
                                row -> row.getLong(1))
                        .get(0)
                > 0) {
            return true;
        }
        String sums = columns.stream()
                .map(column -> ", coalesce(sum(" + Sql.identifier(column) + "), 0)::VARCHAR")
                .collect(Collectors.joining());
        OdooRecords.Sums mine = session.query(
                        "SELECT count(*)" + sums + " FROM " + values.from() + " WHERE " + range.condition(), row -> {
                            List<Double> numbers = new ArrayList<>();
                            for (int column = 0; column < columns.size(); column++) {
                                // The server rounds its sum to the nearest such number, too.
                                numbers.add(new BigDecimal(row.getString(2 + column)).doubleValue());
                            }
                            return new OdooRecords.Sums(row.getLong(1), numbers);
                        })
                .get(0);
        return !mine.equals(records.sums(plan.model(), range.domain(), columns));
    }

    /** Id, date and numbers of the records in these ranges. */
    private Spool read(Session session, List<IdRange> ranges, List<String> columns) {
        List<ApiColumn> wanted = new ArrayList<>(List.of(ApiColumn.of(Domains.ID, ApiColumn.Form.ID)));
        if (plan.dated()) {
            wanted.add(ApiColumn.of(Domains.WRITE_DATE, ApiColumn.Form.DATETIME));
        }
        plan.read().stream()
                .filter(column -> columns.contains(column.column().name()))
                .forEach(wanted::add);
        IdRange.Pages pages = new IdRange.Pages(
                records, plan.model(), wanted.stream().map(ApiColumn::field).toList(), ranges);
        ApiFeed feed = new ApiFeed(
                wanted, new ApiValues(wanted, records.language(), records.company()), pages::next, Integer.MAX_VALUE);
        session.feed(READ, feed);
        return feed.spooled(
                session,
                "SELECT id, " + (plan.dated() ? "write_date" : "NULL::TIMESTAMPTZ AS write_date")
                        + names("", columns) + " FROM \"" + READ
                        + "\"() QUALIFY row_number() OVER (PARTITION BY id ORDER BY "
                        + Sql.identifier(ApiFeed.PLACE) + " DESC) = 1");
    }

    private static String names(String of, List<String> columns) {
        return columns.stream()
                .map(column -> ", " + of + Sql.identifier(column))
                .collect(Collectors.joining());
    }

    /** Every record of the model: as bronze has it where nothing differs, else as it was read. */
    private String there(
            List<IdRange> differing,
            Spool read,
            Spool values,
            Spool present,
            TableSnapshot bronze,
            LakeComparison comparison) {
        List<String> columns = comparison.columns();
        String among = differing.isEmpty()
                ? "false"
                : differing.stream().map(IdRange::condition).collect(Collectors.joining(" OR "));
        String otherDate = dates(bronze) ? "known.write_date IS DISTINCT FROM arriving.write_date" : "false";
        String otherValues = columns.stream()
                .map(column ->
                        " OR arriving." + Sql.identifier(column) + " IS DISTINCT FROM had." + Sql.identifier(column))
                .collect(Collectors.joining());
        Instant newest = requireNonNull(standing.cursor()).newest();
        String unknown = "known.id IS NULL OR " + otherDate;
        String toCome = "((" + unknown + ") AND " + since(newest, ModelLook.OVERLAP.toSeconds()) + " OR (false"
                + otherValues + ") AND " + since(newest, ModelLook.READ_AGAIN.toSeconds()) + ")";
        return "SELECT id" + names("", columns) + ", false AS " + LakeComparison.TO_COME + ", false AS "
                + LakeComparison.OTHER_VERSION + " FROM " + values.from() + " WHERE NOT (" + among
                + ") UNION ALL SELECT arriving.id" + names("arriving.", columns) + ", " + toCome + " AS "
                + LakeComparison.TO_COME + ", known.id IS NOT NULL AND NOT " + toCome + " AND (" + otherDate
                + otherValues + ") AS " + LakeComparison.OTHER_VERSION + " FROM " + read.from()
                + " AS arriving LEFT JOIN " + present.from() + " AS known ON arriving.id = known.id LEFT JOIN "
                + values.from() + " AS had ON arriving.id = had.id";
    }

    /** The condition that the next look reads the record again; one without a date is read by every look. */
    private static String since(@Nullable Instant newest, long seconds) {
        return newest == null
                ? "true"
                : "(arriving.write_date IS NULL OR arriving.write_date >= TIMESTAMPTZ '" + newest.minusSeconds(seconds)
                        + "')";
    }

    private TableVerdict.Compared explained(Session session, Spool there, TableVerdict.Compared compared) {
        List<String> remarks = new ArrayList<>();
        String here = " --source " + source.name() + " --table " + table.relation();
        if (compared.missingInBronze() > 0) {
            remarks.add("What bronze lacks was written by a transaction of more than "
                    + ModelLook.OVERLAP.toMinutes() + " minutes, or past Odoo; tarn odoo reconcile" + here
                    + " reads it.");
        }
        boolean others = session.query(
                                "SELECT count(*) FROM " + there.from() + " WHERE " + LakeComparison.OTHER_VERSION,
                                row -> row.getLong(1))
                        .get(0)
                > 0;
        if (others) {
            remarks.add("No look reads changes without a new date; tarn odoo resync" + here
                    + " reads all records once more.");
        }
        if (!plan.dated() && !compared.toCome().none()) {
            remarks.add(
                    plan.model()
                            + " has no dates, so what the lake lost cannot be told from what is to come; every look reads all of it.");
        }
        return compared.with(remarks);
    }
}
