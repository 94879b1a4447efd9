package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A source that holds tables which Tarn reads into bronze again and again.
 *
 * @param name of the source, kept in {@code _source} of every row
 * @param every time between two looks at a table that says nothing else
 */
public record TableSource(
        String name,
        SourceConnection connection,
        Duration every,
        DeleteCheck deletes,
        FieldPolicy fields,
        List<Table> tables,
        SourcePosition position) {

    /**
     * One table of the source.
     *
     * @param target the bronze table
     * @param exclude columns that never leave the source
     * @param key columns that tell rows apart; empty for those of the primary key
     * @param split column by whose ranges the first load is cut; null for places in the table
     * @param every time between two looks; null for that of the source
     * @param fresh time between two quick passes over what {@code write_date} says is new; null for none
     * @param fileMegabytes files of the records are kept in the lake up to this size; null to keep none
     */
    public record Table(
            Relation relation,
            TableName target,
            Set<String> exclude,
            List<String> key,
            @Nullable String split,
            @Nullable Duration every,
            @Nullable Duration fresh,
            @Nullable Integer fileMegabytes,
            SourcePosition position) {

        /** The largest file that can be kept. */
        public static final int MOST_FILE_MEGABYTES = 10;

        public Table {
            requireNonNull(relation, "relation");
            requireNonNull(target, "target");
            requireNonNull(position, "position");
            exclude = Set.copyOf(exclude);
            key = List.copyOf(key);
            requirePositive(every);
            requirePositive(fresh);
            if (fileMegabytes != null && (fileMegabytes < 1 || fileMegabytes > MOST_FILE_MEGABYTES)) {
                throw new IllegalArgumentException("a file to keep has 1 to 10 megabytes, not " + fileMegabytes);
            }
        }

        /** A table whose records have no files to keep. */
        public Table(
                Relation relation,
                TableName target,
                Set<String> exclude,
                List<String> key,
                @Nullable String split,
                @Nullable Duration every,
                @Nullable Duration fresh,
                SourcePosition position) {
            this(relation, target, exclude, key, split, every, fresh, null, position);
        }
    }

    public TableSource {
        requireNonNull(connection, "connection");
        requireNonNull(deletes, "deletes");
        requireNonNull(fields, "fields");
        requireNonNull(position, "position");
        tables = List.copyOf(tables);
        if (name.isBlank()) {
            throw new IllegalArgumentException("a source needs a name");
        }
        requirePositive(every);
    }

    /** Time between two looks at the table. */
    public Duration every(Table table) {
        return table.every() == null ? every : table.every();
    }

    /** The same source, looked at no less often than this. */
    public TableSource atLeastEvery(Duration longest) {
        List<Table> sooner = tables.stream()
                .map(table -> new Table(
                        table.relation(),
                        table.target(),
                        table.exclude(),
                        table.key(),
                        table.split(),
                        shorter(every(table), longest),
                        table.fresh(),
                        table.fileMegabytes(),
                        table.position()))
                .toList();
        return new TableSource(name, connection, shorter(every, longest), deletes, fields, sooner, position);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /** The shortest time after which something of the source can be due. */
    public Duration pace() {
        return Stream.concat(
                        Stream.of(every, deletes.every()),
                        tables.stream().flatMap(table -> Stream.of(every(table), fresh(table))))
                .min(Duration::compareTo)
                .orElse(every);
    }

    private Duration fresh(Table table) {
        return table.fresh() == null ? every(table) : table.fresh();
    }

    private static void requirePositive(@Nullable Duration duration) {
        if (duration != null && (duration.isNegative() || duration.isZero())) {
            throw new IllegalArgumentException("the time between two looks must be positive, got " + duration);
        }
    }
}
