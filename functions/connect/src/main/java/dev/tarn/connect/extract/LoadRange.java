package dev.tarn.connect.extract;

import dev.tarn.connect.postgres.PostgresSql;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The next range of a first load: pages of the table's file, or values of a column.
 *
 * @param conditions of shares that can be read side by side
 * @param next where the range after it begins
 * @param last whether nothing comes after it
 */
record LoadRange(List<String> conditions, long next, boolean last) {

    private static final Set<String> NUMBERS = Set.of("int2", "int4", "int8");

    /**
     * How large a range is.
     *
     * @param pages of 8 KiB
     * @param shared pages below which a second connection costs more than it brings
     * @param values of a splitting column, and keys that are compared in one look
     */
    record Size(long pages, long shared, long values) {

        /** 1 GiB: a quarter of a minute, so that little is done again when a load breaks off. */
        static final Size USUAL = new Size(131_072, 4_096, 5_000_000);
    }

    LoadRange {
        conditions = List.copyOf(conditions);
    }

    /** Where a load of the table begins. */
    static long first(SourceDatabase database, TableSource.Table table, SourceTable found) {
        if (table.split() == null) {
            return 0;
        }
        boolean number = found.column(table.split())
                .filter(column -> NUMBERS.contains(column.typeName()))
                .isPresent();
        if (!number) {
            throw new TarnException(
                    List.of(new Problem(
                            ErrorCode.CONFIGURATION_INVALID,
                            table.position(),
                            table.relation() + " cannot be split by " + table.split()
                                    + ", which is not a column of whole numbers.",
                            "Name one, or leave split out: the load is cut by places in the table then.")),
                    null);
        }
        return bound(database, table, "min");
    }

    /** The range that begins at {@code from}, cut into as many shares as are worth it, at most {@code most}. */
    static LoadRange at(
            SourceDatabase database, TableSource.Table table, SourceTable found, long from, int most, Size size) {
        return table.split() == null ? pages(found, from, most, size) : values(database, table, from, size.values());
    }

    private static LoadRange pages(SourceTable found, long from, int most, Size size) {
        long pages = found.pages();
        boolean last = from + size.pages() >= pages;
        long to = last ? Math.max(from, pages) : from + size.pages();
        int shares = to - from < size.shared() ? 1 : most;
        List<String> conditions = new ArrayList<>();
        for (int share = 0; share < shares; share++) {
            long begin = from + (to - from) * share / shares;
            long end = from + (to - from) * (share + 1) / shares;
            // The table may have grown since its size was asked for.
            boolean open = last && share == shares - 1;
            conditions.add("ctid >= '(" + begin + ",0)'" + (open ? "" : " AND ctid < '(" + end + ",0)'"));
        }
        return new LoadRange(conditions, to, last);
    }

    private static LoadRange values(SourceDatabase database, TableSource.Table table, long from, long width) {
        long greatest = bound(database, table, "max");
        boolean last = greatest - from < width;
        String column = Sql.identifier(String.valueOf(table.split()));
        return new LoadRange(
                List.of(column + " >= " + from + (last ? "" : " AND " + column + " < " + (from + width))),
                from + width,
                last);
    }

    private static long bound(SourceDatabase database, TableSource.Table table, String function) {
        return database.query(
                        "SELECT coalesce(" + function + "(" + Sql.identifier(String.valueOf(table.split()))
                                + "), 0) FROM " + PostgresSql.of(table.relation()),
                        "the range of " + table.split() + " was asked for",
                        row -> row.getLong(1))
                .get(0);
    }
}
