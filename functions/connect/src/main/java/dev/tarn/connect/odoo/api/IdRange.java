package dev.tarn.connect.odoo.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/**
 * Ids from {@code from} up to {@code to}, which is not one of them.
 *
 * @param to -1 for no end
 * @param known how many of them bronze has
 */
record IdRange(long from, long to, long known) {

    private static final int SIZE = 10_000;

    /** Ranges that have all ids, with about as many known ones in each; {@code present} has them. */
    static List<IdRange> of(Session session, Spool present) {
        List<IdRange> begun = session.query(
                "SELECT min(id), count(*) FROM (SELECT id, (row_number() OVER (ORDER BY id) - 1) // " + SIZE
                        + " AS part FROM " + present.from() + ") GROUP BY part ORDER BY 1",
                row -> new IdRange(row.getLong(1), -1, row.getLong(2)));
        List<IdRange> ranges = new ArrayList<>();
        for (int i = 0; i < begun.size(); i++) {
            long to = i + 1 < begun.size() ? begun.get(i + 1).from() : -1;
            ranges.add(new IdRange(
                    i == 0 ? 0 : begun.get(i).from(), to, begun.get(i).known()));
        }
        return ranges.isEmpty() ? List.of(new IdRange(0, -1, 0)) : ranges;
    }

    ArrayNode domain() {
        return domain(0);
    }

    private ArrayNode domain(long above) {
        ArrayNode domain = Domains.idsAbove(Math.max(above, from - 1));
        return to < 0 ? domain : Domains.and(domain, Domains.ID, "<", to);
    }

    /** The condition, in DuckDB, that {@code id} is in it. */
    String condition() {
        return "(id >= " + from + (to < 0 ? "" : " AND id < " + to) + ")";
    }

    /** Records of ranges by id. A range ends with an empty page only: a record that is not listed counts as gone. */
    static final class Pages {

        private final OdooRecords records;
        private final String model;
        private final List<String> fields;
        private final Deque<IdRange> left;
        private final PageSize size = new PageSize();
        private long above;

        Pages(OdooRecords records, String model, List<String> fields, Collection<IdRange> ranges) {
            this.records = records;
            this.model = model;
            this.fields = List.copyOf(fields);
            this.left = new ArrayDeque<>(ranges);
        }

        /** The next records; none at the end only. */
        List<ObjectNode> next() {
            while (!left.isEmpty()) {
                List<ObjectNode> page = ModelPages.read(
                        records, model, fields, size, left.getFirst().domain(above), "id asc");
                if (!page.isEmpty()) {
                    above = page.get(page.size() - 1).path(Domains.ID).longValue();
                    return page;
                }
                left.removeFirst();
            }
            return List.of();
        }
    }
}
