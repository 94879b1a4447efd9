package dev.tarn.connect.inbox;

import dev.tarn.model.BronzeSchema;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.WebhookColumns;
import dev.tarn.model.WebhookSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Columns that an endpoint's table gets from what is sent. */
final class AddedColumns {

    /** Of a table; further keys are in the payload only. Whoever may send could make a table unreadable otherwise. */
    static final int MOST = 300;

    private static final int LONGEST_NAME = 128;

    private final List<Column> columns = new ArrayList<>();
    private final Set<String> taken = new HashSet<>();

    /** {@code there}: the table's columns that come from its source. */
    AddedColumns(WebhookSource.Endpoint endpoint, List<Column> there) {
        WebhookColumns.behind(endpoint.columns()).forEach(column -> taken.add(key(column.name())));
        BronzeSchema.ALL.forEach(column -> taken.add(key(column.name())));
        there.forEach(this::add);
    }

    /** The columns that are not declared: those which are there, and then one for each of the keys, as long as there is room. */
    List<Column> with(List<String> keys) {
        for (String key : keys) {
            if (columns.size() < MOST && key.length() <= LONGEST_NAME && BronzeSchema.isNameOfSource(key)) {
                add(new Column(key, DataType.Simple.STRING));
            }
        }
        return List.copyOf(columns);
    }

    /** Names differ by more than their case, so the first of two such keys has the column. */
    private void add(Column column) {
        if (taken.add(key(column.name()))) {
            columns.add(column);
        }
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
