package dev.tarn.model;

import java.util.ArrayList;
import java.util.List;

/** The columns that the bronze table of an endpoint has besides those which the project declares. */
public final class WebhookColumns {

    public static final Column EVENT_ID =
            new Column("event_id", DataType.Simple.STRING, "The sender's id, or sha256: and the hash of the payload");

    public static final Column RECEIVED_AT = new Column(
            "received_at", DataType.Simple.TIMESTAMP, "When the request that brought the event was received");

    public static final Column HEADERS =
            new Column("headers", DataType.Simple.STRING, "JSON: the headers that are kept, their names in lower case");

    public static final Column PAYLOAD =
            new Column("payload", DataType.Simple.STRING, "JSON: the event as it was sent");

    /** In their order, behind the declared ones. */
    public static final List<Column> ALL = List.of(EVENT_ID, RECEIVED_AT, HEADERS, PAYLOAD);

    /** What every bronze table ends with. */
    private static final List<Column> OF_BRONZE = List.of(
            new Column("_op", DataType.Simple.STRING),
            new Column("_seq", DataType.Simple.BIGINT),
            new Column("_source", DataType.Simple.STRING),
            new Column("_extracted_at", DataType.Simple.TIMESTAMP),
            new Column("_rescued_data", DataType.Simple.STRING),
            new Column("_reason", DataType.Simple.STRING),
            new Column("_xid", DataType.Simple.BIGINT));

    private WebhookColumns() {}

    /** Whether a declared column of that name would be taken for one of these. */
    public static boolean isOwn(String name) {
        return ALL.stream().anyMatch(column -> column.name().equalsIgnoreCase(name));
    }

    /** The columns that come from the source: those which are declared, then these. */
    public static List<Column> behind(List<Column> declared) {
        List<Column> columns = new ArrayList<>(declared);
        columns.addAll(ALL);
        return columns;
    }

    /** All columns of the table, as queries see them. */
    public static List<Column> table(List<Column> declared) {
        List<Column> columns = behind(declared);
        columns.addAll(OF_BRONZE);
        return columns;
    }
}
