package dev.tarn.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.connect.extract.SourceVerdict;
import dev.tarn.connect.extract.TableVerdict;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Says what a comparison of a source with the lake found. */
final class VerdictReport {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private final String source;
    private final SourceVerdict verdict;
    private final boolean everySum;

    /** @param everySum whether sums that are equal are shown one by one */
    VerdictReport(String source, SourceVerdict verdict, boolean everySum) {
        this.source = source;
        this.verdict = verdict;
        this.everySum = everySum;
    }

    List<String> lines(ZoneId timezone) {
        List<String> lines = new ArrayList<>();
        lines.add("as of " + TIME.format(verdict.asOf().atZone(timezone))
                + (verdict.snapshot() == null ? ", by the API:" : ", snapshot " + verdict.snapshot() + ":"));
        int width = verdict.tables().stream()
                .mapToInt(table -> table.relation().toString().length())
                .max()
                .orElse(0);
        int digits = verdict.tables().stream()
                .mapToInt(table -> counts(table).length())
                .max()
                .orElse(0);
        for (TableVerdict table : verdict.tables()) {
            String name = table.relation().toString();
            lines.add((" " + name + " ".repeat(width - name.length() + 2)
                            + " ".repeat(digits - counts(table).length()) + counts(table) + "   " + headline(table))
                    .stripTrailing());
            if (table instanceof TableVerdict.Compared compared) {
                details(compared).forEach(detail -> lines.add("     " + detail));
            }
        }
        lines.addAll(verdict.limits());
        long differing = verdict.tables().stream().filter(TableVerdict::differs).count();
        lines.add(
                differing == 0
                        ? "Equal."
                        : differing + " of " + verdict.tables().size()
                                + (verdict.tables().size() == 1 ? " table differs." : " tables differ."));
        return lines;
    }

    private static String counts(TableVerdict table) {
        if (table instanceof TableVerdict.Compared compared) {
            return compared.sourceRows()
                    + (compared.sourceRows() == compared.lakeRows() ? " = " : " : ")
                    + compared.lakeRows();
        }
        return "not loaded";
    }

    private String headline(TableVerdict table) {
        if (table instanceof TableVerdict.NotLoaded notLoaded) {
            return notLoaded.target()
                    + (notLoaded.begun()
                            ? " is being loaded, and not all of it is there: tarn up goes on with it"
                            : " was never read: tarn up loads it");
        }
        TableVerdict.Compared compared = (TableVerdict.Compared) table;
        List<String> words = new ArrayList<>(List.of(compared.table().toString()));
        long equal = compared.sums().stream().filter(TableVerdict.Sum::equal).count();
        if (everySum) {
            compared.sums().stream()
                    .filter(sum -> sum.equal() && sum.exact().isEmpty())
                    .forEach(sum -> words.add(sum.column() + " equal (" + plain(sum.lake()) + ")"));
        } else if (equal > 0) {
            words.add(equal + (equal == 1 ? " sum equal" : " sums equal"));
        }
        return String.join("   ", words);
    }

    private List<String> details(TableVerdict.Compared compared) {
        List<String> details = new ArrayList<>();
        add(details, compared, "will come with the next look", compared.toCome(), "");
        add(details, compared, "missing in " + compared.table(), compared.missing(), inBronze(compared));
        add(details, compared, "left out by the project's own SQL and expectations", compared.leftOut(), "");
        add(
                details,
                compared,
                "gone from " + source,
                compared.gone(),
                "; tarn odoo reconcile --source " + source + " --table " + compared.relation() + " finds deletes now");
        add(details, compared, "with other values", compared.other(), "");
        add(details, compared, "more than once in " + compared.table(), compared.repeated(), "");
        for (TableVerdict.Sum sum : compared.sums()) {
            if (!sum.equal()) {
                details.add("sum of " + sum.column() + ": " + plain(sum.source()) + " : " + plain(sum.lake()));
            } else if (sum.exact().isPresent()) {
                details.add("sum of " + sum.column() + ": equal as " + compared.table() + " rounds each value ("
                        + plain(sum.lake()) + "); with all digits it is "
                        + plain(sum.exact().get()));
            }
        }
        details.addAll(compared.remarks());
        return details;
    }

    private static String inBronze(TableVerdict.Compared compared) {
        if (compared.missingInBronze() == compared.missing().count()) {
            return "";
        }
        long there = compared.missing().count() - compared.missingInBronze();
        return "; bronze has " + (there == compared.missing().count() ? "" : there + " of ")
                + (compared.missing().count() == 1 ? "it" : "them")
                + ", and " + compared.table() + " should";
    }

    private static void add(
            List<String> details, TableVerdict.Compared compared, String what, TableVerdict.Rows rows, String more) {
        if (!rows.none()) {
            details.add(rows.count() + (rows.count() == 1 ? " row " : " rows ") + what + ": " + key(compared) + " "
                    + String.join(", ", visible(rows))
                    + (rows.count() > rows.first().size() ? ", ..." : "") + more);
        }
    }

    private static List<String> visible(TableVerdict.Rows rows) {
        return rows.first().stream().map(RowTable::visible).toList();
    }

    private static String key(TableVerdict.Compared compared) {
        return compared.key().size() == 1 ? compared.key().get(0) : "(" + String.join(", ", compared.key()) + ")";
    }

    private static String plain(BigDecimal number) {
        return (number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros()).toPlainString();
    }

    ObjectNode json() {
        ObjectNode document = Console.object()
                .put("source", source)
                .put("asOf", verdict.asOf().toString())
                .put("snapshot", verdict.snapshot())
                .put("equal", verdict.equal());
        ArrayNode tables = document.putArray("tables");
        verdict.tables().forEach(table -> tables.add(json(table)));
        verdict.limits().forEach(document.putArray("limits")::add);
        return document;
    }

    private static ObjectNode json(TableVerdict table) {
        ObjectNode node =
                Console.object().put("table", table.relation().toString()).put("differs", table.differs());
        if (table instanceof TableVerdict.NotLoaded notLoaded) {
            return node.put("lake", notLoaded.target().toString()).put("loaded", false);
        }
        TableVerdict.Compared compared = (TableVerdict.Compared) table;
        node.put("lake", compared.table().toString())
                .put("loaded", true)
                .put("sourceRows", compared.sourceRows())
                .put("lakeRows", compared.lakeRows());
        compared.key().forEach(node.putArray("key")::add);
        node.set("toCome", json(compared.toCome()));
        node.set("missing", json(compared.missing()).put("notInBronze", compared.missingInBronze()));
        node.set("leftOut", json(compared.leftOut()));
        node.set("gone", json(compared.gone()));
        node.set("otherValues", json(compared.other()));
        node.set("repeated", json(compared.repeated()));
        ArrayNode sums = node.putArray("sums");
        for (TableVerdict.Sum sum : compared.sums()) {
            ObjectNode one = sums.addObject()
                    .put("column", sum.column())
                    .put("equal", sum.equal())
                    .put("source", plain(sum.source()))
                    .put("lake", plain(sum.lake()));
            sum.exact().ifPresent(exact -> one.put("sourceWithAllDigits", plain(exact)));
        }
        compared.remarks().forEach(node.putArray("remarks")::add);
        return node;
    }

    private static ObjectNode json(TableVerdict.Rows rows) {
        ObjectNode node = Console.object().put("rows", rows.count());
        rows.first().forEach(node.putArray("first")::add);
        return node;
    }
}
