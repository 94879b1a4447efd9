package dev.tarn.compiler;

import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;
import static dev.tarn.model.ErrorCode.SCHEMA_CHANGED;
import static dev.tarn.model.ErrorCode.TABLE_CLAIMED_TWICE;
import static dev.tarn.model.ErrorCode.TABLE_NOT_FOUND;

import dev.tarn.compiler.project.Problems;
import dev.tarn.model.Column;
import dev.tarn.model.FileDrop;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TableSource;
import dev.tarn.model.WebhookColumns;
import dev.tarn.model.WebhookSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The tables that sources fill. */
final class Bronze {

    private final Map<TableName, SourcePosition> claims = new LinkedHashMap<>();
    private final Map<TableName, TableSource.Table> read = new HashMap<>();
    private final Map<TableName, WebhookSource.Endpoint> sent = new HashMap<>();
    private final Set<String> names = new HashSet<>();
    private final DroppedTables dropped;
    private final Function<TableName, Optional<TableSchema>> knownSchemas;
    private final Problems problems;

    /** Notes every table that two sources, or one source twice, claim. */
    Bronze(
            List<TableSource> sources,
            List<WebhookSource> webhooks,
            List<FileDrop> drops,
            Function<TableName, Optional<TableSchema>> knownSchemas,
            Problems problems) {
        this.knownSchemas = knownSchemas;
        this.problems = problems;
        for (TableSource source : sources) {
            name(source.name(), source.position());
            for (TableSource.Table table : source.tables()) {
                claim(table.target(), table.position());
                read.putIfAbsent(table.target(), table);
            }
        }
        for (WebhookSource source : webhooks) {
            name(source.name(), source.position());
            for (WebhookSource.Endpoint endpoint : source.endpoints()) {
                claim(endpoint.target(), endpoint.position());
                sent.putIfAbsent(endpoint.target(), endpoint);
                checkTypes(endpoint);
            }
        }
        this.dropped = new DroppedTables(drops, table -> Optional.ofNullable(claims.get(table)), problems);
    }

    private void name(String source, SourcePosition position) {
        if (!names.add(source)) {
            problems.add(
                    CONFIGURATION_INVALID,
                    position,
                    "Two sources are named " + source + ".",
                    "Give one of them another name.");
        }
    }

    private void claim(TableName table, SourcePosition position) {
        SourcePosition before = claims.putIfAbsent(table, position);
        if (before != null) {
            problems.add(
                    TABLE_CLAIMED_TWICE,
                    position,
                    table + " is already filled from " + before + ".",
                    "Remove one of them.");
        }
    }

    /** Events that are there already were given the types of their time. */
    private void checkTypes(WebhookSource.Endpoint endpoint) {
        Optional<TableSchema> known = knownSchemas.apply(endpoint.target());
        for (Column column : endpoint.columns()) {
            known.flatMap(schema -> schema.column(column.name()))
                    .filter(there -> !there.type().equals(column.type()))
                    .ifPresent(
                            there -> problems.add(
                                    SCHEMA_CHANGED,
                                    endpoint.position(),
                                    "Column " + there.name() + " of " + endpoint.target() + " is " + there.type()
                                            + " in the lake and declared as " + column.type() + ".",
                                    "Declare the type that it has, or take the value from payload in the table that reads it."));
        }
    }

    Set<TableName> tables() {
        Set<TableName> all = new LinkedHashSet<>(claims.keySet());
        all.addAll(dropped.tables());
        return all;
    }

    Optional<SourcePosition> claimedAt(TableName table) {
        return Optional.ofNullable(claims.get(table)).or(() -> dropped.claimedAt(table));
    }

    /** Where a source that is no files claims the table. */
    Optional<SourcePosition> takenAt(TableName table) {
        return Optional.ofNullable(claims.get(table));
    }

    /** The table of files that a query describes. */
    TableName read(FileDrop drop) {
        return dropped.add(drop);
    }

    /** The drops of sources and queries. */
    List<FileDrop> drops() {
        return dropped.all();
    }

    /** Throws {@link dev.tarn.model.TarnException} where the table's rows are replaced, so that there is no stream of them. */
    void requireStream(TableName table, SourcePosition position) {
        dropped.requireStream(table, position);
    }

    /** Columns of a claimed table, without those that never leave the source. */
    TableSchema schema(TableName table, SourcePosition position) {
        if (!claims.containsKey(table)) {
            return dropped.schema(table, knownSchemas.apply(table));
        }
        WebhookSource.Endpoint endpoint = sent.get(table);
        if (endpoint != null) {
            return sent(endpoint);
        }
        TableSource.Table claim = read.get(table);
        TableSchema schema = knownSchemas
                .apply(table)
                .orElseThrow(() -> Problems.refusal(
                        TABLE_NOT_FOUND,
                        position,
                        "The columns of " + table + " are not known before its first extraction.",
                        "Take this query out of 'libraries' until tarn up has extracted the table once."));
        return new TableSchema(schema.columns().stream()
                .filter(column -> !claim.exclude().contains(column.name()))
                .toList());
    }

    /** What is declared and, behind it, what was declared once. */
    private TableSchema sent(WebhookSource.Endpoint endpoint) {
        List<Column> columns = WebhookColumns.table(endpoint.columns());
        TableSchema declared = new TableSchema(columns);
        knownSchemas.apply(endpoint.target()).ifPresent(known -> known.columns().stream()
                .filter(column -> declared.column(column.name()).isEmpty())
                .forEach(columns::add));
        return new TableSchema(columns);
    }
}
