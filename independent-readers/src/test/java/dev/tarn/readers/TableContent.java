package dev.tarn.readers;

import java.util.List;
import java.util.Locale;

/**
 * What a reader sees of a table, in a form in which equal tables are equal: rows are a multiset, so their texts are
 * sorted, and every reader writes a value as {@link CanonicalText} says.
 *
 * @param columns name and type each, in order
 * @param rows a text each, sorted
 */
record TableContent(List<String> columns, List<String> rows) {

    TableContent {
        columns = List.copyOf(columns);
        rows = rows.stream().sorted().toList();
    }

    /** A column in Spark's notation; what differs between readers in writing a type is only its case. */
    static String column(String name, String type) {
        return name + " " + type.toUpperCase(Locale.ROOT);
    }
}
