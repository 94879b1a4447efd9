package dev.tarn.connect.inbox;

import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.Sql;
import dev.tarn.model.WebhookColumns;
import dev.tarn.model.WebhookSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The queries that make rows of the files of an inbox. */
final class EventSql {

    /** Number of an event among those that are brought in together. */
    static final String NUMBER = "_number";

    static final String RESCUED = "_rescued_data";

    /** Texts by key, of everything at the top of an event; only where columns are added. */
    static final String ADDED = "_columns";

    /** DuckDB holds several of the longest line at once. */
    private static final int SPARE_BYTES = 4_096;

    private static final String DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}";

    private final WebhookSource.Endpoint endpoint;

    EventSql(WebhookSource.Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    /**
     * A query over the events of a file: {@link #NUMBER}, the columns of the source, {@link #RESCUED}.
     *
     * @param longest line of the file, in bytes
     */
    String events(Path file, int longest) {
        List<String> selected = new ArrayList<>(List.of("row_number() OVER () AS " + NUMBER));
        for (Column column : endpoint.columns()) {
            selected.add(typed("columns", column) + " AS " + Sql.identifier(column.name()));
        }
        selected.add("id AS " + WebhookColumns.EVENT_ID.name());
        selected.add("make_timestamptz(received_at) AS " + WebhookColumns.RECEIVED_AT.name());
        selected.add("headers AS " + WebhookColumns.HEADERS.name());
        selected.add("payload AS " + WebhookColumns.PAYLOAD.name());
        selected.add(rescued() + " AS " + RESCUED);
        selected.add("sender");
        if (endpoint.misfit() == WebhookSource.Misfit.ADD) {
            selected.add("columns AS " + ADDED);
        }
        return "SELECT " + String.join(", ", selected) + " FROM read_json(" + Sql.literal(file.toString())
                + ", format = 'newline_delimited', maximum_object_size = " + (longest + SPARE_BYTES)
                + ", columns = {id: 'VARCHAR', received_at: 'BIGINT', headers: 'VARCHAR', columns: 'MAP(VARCHAR, VARCHAR)',"
                + " payload: 'VARCHAR', sender: 'VARCHAR'})";
    }

    private static String text(String texts, Column column) {
        return texts + "[" + Sql.literal(column.name()) + "]";
    }

    /** The value of a column that was added. */
    static String added(Column column) {
        return typed(ADDED, column) + " AS " + Sql.identifier(column.name());
    }

    private static String typed(String texts, Column column) {
        String text = text(texts, column);
        String cast = "TRY_CAST(" + text + " AS " + DuckDbTypes.sqlType(column.type()) + ")";
        return column.type().equals(Simple.STRING)
                ? text
                : "CASE WHEN regexp_full_match(" + text + ", " + Sql.literal(form(column.type())) + ") THEN " + cast
                        + " END";
    }

    /** What loses nothing in the type: a cast alone would round. */
    private static String form(DataType type) {
        if (type instanceof DataType.Decimal decimal) {
            return "-?[0-9]+(\\.[0-9]{0," + decimal.scale() + "}0*)?";
        }
        return switch ((Simple) type) {
            case BOOLEAN -> "true|false";
            case TINYINT, SMALLINT, INT, BIGINT -> "-?[0-9]+";
            case FLOAT, DOUBLE -> "-?[0-9]+(\\.[0-9]+)?([eE][+-]?[0-9]+)?";
            case DATE -> DATE;
            case TIMESTAMP, TIMESTAMP_NTZ -> DATE + "([T ].*)?";
            case STRING, BINARY -> "(?s).*";
        };
    }

    private String rescued() {
        if (endpoint.columns().isEmpty() || endpoint.misfit() == WebhookSource.Misfit.NONE) {
            return "NULL::VARCHAR";
        }
        List<String> misfits = endpoint.columns().stream()
                .map(column -> Sql.literal(column.name()) + ", CASE WHEN " + typed("columns", column) + " IS NULL THEN "
                        + text("columns", column) + " END")
                .toList();
        return "nullif(json_merge_patch('{}', json_object(" + String.join(", ", misfits) + "))::VARCHAR, '{}')";
    }

    /** The columns of the source. */
    List<Column> columns() {
        return WebhookColumns.behind(endpoint.columns());
    }

    /**
     * A query over the events with what is to become of them: {@code known} an event with its id is in bronze, {@code same} one
     * of them with its content, {@code place} among the events of its id that are brought in with it and are known as little,
     * and {@code as_first} whether the first of those has its content; {@code again} whether bronze has this very event and not
     * another time that it came, and {@code first_at} when it came first.
     *
     * @param events a FROM-expression over {@link #events}
     * @param bronze a FROM-expression over id, time and payload of what bronze holds
     */
    String judged(String events, String bronze) {
        String window = Sql.literal(endpoint.remember().toSeconds() + " seconds") + "::INTERVAL";
        String judged = "SELECT new.*, coalesce(old.same, FALSE) AS same, old.same IS NOT NULL AS known,"
                + " coalesce(old.again, FALSE) AS again, old.known_since FROM " + events
                + " AS new LEFT JOIN (SELECT mine." + NUMBER
                + " AS of_number, bool_or(theirs.payload = mine.payload) AS same, bool_or(theirs.payload ="
                + " mine.payload AND theirs.received_at = mine.received_at) AS again, min(theirs.received_at) AS known_since FROM "
                + events + " AS mine JOIN "
                + bronze + " AS theirs ON theirs.event_id = mine.event_id AND theirs.received_at BETWEEN"
                + " mine.received_at - " + window + " AND mine.received_at + " + window
                + " GROUP BY ALL) AS old ON old.of_number = new." + NUMBER;
        return "SELECT *, row_number() OVER first AS place, first_value(payload) OVER first = payload AS as_first,"
                + " coalesce(known_since, first_value(received_at) OVER first) AS first_at FROM ("
                + judged + ") WINDOW first AS (PARTITION BY event_id, known ORDER BY received_at, " + NUMBER + ")";
    }
}
