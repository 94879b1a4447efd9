package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A source that sends events to Tarn, each to one of its endpoints. */
public record WebhookSource(String name, List<Endpoint> endpoints, SourcePosition position) {

    /** What becomes of an event with the id of another one and other content. */
    public enum SameId {
        /** The first stays in the table, the other is kept beside it as a conflict. */
        KEEP_AS_CONFLICT,
        /** It is refused with 409, which costs a file for each event. */
        REFUSE
    }

    /** What becomes of a value that does not fit its column, which is NULL then, and of keys that have no column. */
    public enum Misfit {
        /** The value goes to {@code _rescued_data}, the key is in the payload. */
        RESCUE,
        /** As {@link #RESCUE}, but an event with a key at its top that is no column and no part of its id is refused. */
        FAIL,
        /** As {@link #RESCUE}, and the table gets a column of texts for each key at the top that has none. */
        ADD,
        /** Both are in the payload only. */
        NONE
    }

    /**
     * One door, {@code POST /api/webhooks/<name>}, and the bronze table behind it.
     *
     * @param ipRanges from which senders may come; empty where they may come from anywhere
     * @param eventId whose values together name an event; empty where its content names it
     * @param items path to the list whose entries are events; null where the body is one event or a list of them
     * @param remember for how long an event with the id of an earlier one is a repeat
     * @param maxBody of a request, in bytes, also when it is unpacked
     * @param perMinute most requests of a minute that one process takes; null for any number
     * @param headers in lower case, whose values are kept with the event
     * @param columns of the bronze table that get a value of the payload's top
     */
    public record Endpoint(
            String name,
            TableName target,
            WebhookAuth auth,
            List<IpRange> ipRanges,
            List<EventIdPart> eventId,
            @Nullable EventIdPart items,
            SameId sameId,
            Duration remember,
            long maxBody,
            @Nullable Integer perMinute,
            List<String> headers,
            List<Column> columns,
            Misfit misfit,
            SourcePosition position) {

        /** Most bytes that {@link #maxBody} may allow: a request is held in memory. */
        public static final long MOST_BODY = 16_000_000;

        /** How long ids are remembered where the project says nothing. */
        public static final Duration USUALLY_REMEMBERED = Duration.ofDays(7);

        /** Bytes of a body that are taken where the project says nothing. */
        public static final long USUAL_BODY = 1_000_000;

        private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,40}");

        public Endpoint {
            requireNonNull(target, "target");
            requireNonNull(auth, "auth");
            requireNonNull(sameId, "sameId");
            requireNonNull(misfit, "misfit");
            requireNonNull(position, "position");
            ipRanges = List.copyOf(ipRanges);
            eventId = List.copyOf(eventId);
            headers = List.copyOf(headers);
            columns = List.copyOf(columns);
            if (!isName(name)) {
                throw new IllegalArgumentException("'" + name + "' is not the name of an endpoint");
            }
            if (maxBody < 1 || maxBody > MOST_BODY || perMinute != null && perMinute < 1) {
                throw new IllegalArgumentException("the limits of an endpoint are positive and bounded");
            }
            if (remember.isNegative() || remember.isZero()) {
                throw new IllegalArgumentException("ids are remembered for some time, got " + remember);
            }
        }

        /** An endpoint of which the project says no more than it must, and what an event's id is. */
        public static Endpoint usual(
                String name, WebhookAuth auth, List<EventIdPart> eventId, SourcePosition position) {
            return new Endpoint(
                    name,
                    tableOf(name),
                    auth,
                    List.of(),
                    eventId,
                    null,
                    SameId.KEEP_AS_CONFLICT,
                    USUALLY_REMEMBERED,
                    USUAL_BODY,
                    null,
                    List.of(),
                    List.of(),
                    Misfit.RESCUE,
                    position);
        }

        /** Whether an endpoint may have that name: it is a part of an address, of a path and of a table's name. */
        public static boolean isName(String name) {
            return NAME.matcher(name).matches();
        }

        /** The table behind the endpoint of that name. */
        public static TableName tableOf(String name) {
            return new TableName(Layer.BRONZE, name + "_events");
        }

        /** The table beside one of an endpoint that keeps events with the id of another one and other content. */
        public static TableName conflictsOf(TableName table) {
            return new TableName(table.layer(), table.table() + "_conflicts");
        }

        /** The table beside this one's that tells which events came more than once. */
        public TableName repeats() {
            return new TableName(target.layer(), target.table() + "_repeats");
        }

        /** All tables of the endpoint: the one that flows read, and those beside it, which may not be there yet. */
        public List<TableName> tables() {
            return List.of(target, conflictsOf(target), repeats());
        }
    }

    public WebhookSource {
        requireNonNull(position, "position");
        endpoints = List.copyOf(endpoints);
        if (name.isBlank()) {
            throw new IllegalArgumentException("a source needs a name");
        }
    }
}
