package dev.tarn.connect.odoo.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/**
 * Finds records by id and date that bronze does not have, and reads only those: a list of ids and dates costs Odoo a small
 * part of what the records do.
 */
final class MissedRecords {

    /** Records that are read at once. */
    private static final int MOST_IDS = 500;
    /** More than these wait for the next time. */
    private static final int MOST_READ = 100_000;

    private static final String LISTED = "listed";
    private static final String MISSED = "missed";

    private final Session session;
    private final OdooRecords records;
    private final ModelPlan plan;
    private final TableSnapshot bronze;
    private final Attachments attachments;
    private final PageSize size = new PageSize();

    MissedRecords(Session session, OdooRecords records, ModelPlan plan, TableSnapshot bronze, Attachments attachments) {
        this.session = session;
        this.records = records;
        this.plan = plan;
        this.bronze = bronze;
        this.attachments = attachments;
    }

    /** The fields of a list. */
    List<String> listedFields() {
        return plan.dated() ? List.of(Domains.ID, Domains.WRITE_DATE) : List.of(Domains.ID);
    }

    /** Ids and dates, of records with {@link #listedFields}. */
    Spool list(Supplier<List<ObjectNode>> pages) {
        List<ApiColumn> columns = new ArrayList<>(List.of(ApiColumn.of(Domains.ID, ApiColumn.Form.ID)));
        if (plan.dated()) {
            columns.add(ApiColumn.of(Domains.WRITE_DATE, ApiColumn.Form.DATETIME));
        }
        ApiFeed feed = new ApiFeed(columns, new ApiValues(columns, "", 0), pages, Integer.MAX_VALUE);
        session.feed(LISTED, feed);
        return feed.spooled(
                session,
                "SELECT id, " + (plan.dated() ? "max(write_date)" : "NULL::TIMESTAMPTZ") + " AS write_date FROM \""
                        + LISTED + "\"() GROUP BY id");
    }

    /** Those versions of listed records that bronze does not have. */
    Spool read(Spool listed) {
        boolean dates =
                plan.dated() && bronze.schema().column(Domains.WRITE_DATE).isPresent();
        String missed = "SELECT there.id FROM " + listed.from() + " AS there ANTI JOIN ("
                + ModelPlan.present(session, bronze, "id IN (SELECT id FROM " + listed.from() + ")")
                + ") AS here ON here.id = there.id"
                + (dates ? " AND here.write_date IS NOT DISTINCT FROM there.write_date" : "")
                + " ORDER BY 1 LIMIT " + MOST_READ;
        Deque<Long> left = new ArrayDeque<>(session.query(missed, row -> row.getLong(1)));
        ApiFeed feed = new ApiFeed(
                plan.read(),
                new ApiValues(plan.read(), records.language(), records.company()),
                attachments.with(() -> next(left)),
                Integer.MAX_VALUE);
        session.feed(MISSED, feed);
        try (Spool found = feed.spooled(session, plan.upserts("\"" + MISSED + "\"()"))) {
            return Spool.of(session, plan.differing(found, session, bronze));
        }
    }

    private List<ObjectNode> next(Deque<Long> left) {
        while (!left.isEmpty()) {
            List<Long> some = new ArrayList<>();
            while (some.size() < Math.min(MOST_IDS, size.size()) && !left.isEmpty()) {
                some.add(left.removeFirst());
            }
            List<ObjectNode> found = only(some);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return List.of();
    }

    private List<ObjectNode> only(List<Long> ids) {
        List<ObjectNode> found = new ArrayList<>();
        long above = 0;
        while (found.size() < ids.size()) {
            ArrayNode domain = Domains.idsAbove(above);
            ArrayNode among = domain.addArray().add(Domains.ID).add("in").addArray();
            ids.forEach(among::add);
            List<ObjectNode> page = ModelPages.read(records, plan.model(), plan.fields(), size, domain, "id asc");
            if (page.isEmpty()) {
                break;
            }
            found.addAll(page);
            above = page.get(page.size() - 1).path(Domains.ID).longValue();
        }
        return found;
    }
}
