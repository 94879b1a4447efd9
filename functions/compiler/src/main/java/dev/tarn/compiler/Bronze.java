package dev.tarn.compiler;

import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;
import static dev.tarn.model.ErrorCode.TABLE_CLAIMED_TWICE;
import static dev.tarn.model.ErrorCode.TABLE_NOT_FOUND;

import dev.tarn.compiler.project.Problems;
import dev.tarn.model.FileDrop;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TableSource;
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

    private final Map<TableName, TableSource.Table> claims = new LinkedHashMap<>();
    private final DroppedTables dropped;
    private final Function<TableName, Optional<TableSchema>> knownSchemas;

    /** Notes every table that two sources, or one source twice, claim. */
    Bronze(
            List<TableSource> sources,
            List<FileDrop> drops,
            Function<TableName, Optional<TableSchema>> knownSchemas,
            Problems problems) {
        this.knownSchemas = knownSchemas;
        Set<String> names = new HashSet<>();
        for (TableSource source : sources) {
            if (!names.add(source.name())) {
                problems.add(
                        CONFIGURATION_INVALID,
                        source.position(),
                        "Two sources are named " + source.name() + ".",
                        "Give one of them another name.");
            }
            for (TableSource.Table table : source.tables()) {
                TableSource.Table before = claims.putIfAbsent(table.target(), table);
                if (before != null) {
                    problems.add(
                            TABLE_CLAIMED_TWICE,
                            table.position(),
                            table.target() + " is already filled from " + before.position() + ".",
                            "Remove one of them.");
                }
            }
        }
        this.dropped = new DroppedTables(drops, table -> claimedBySource(table), problems);
    }

    Set<TableName> tables() {
        Set<TableName> all = new LinkedHashSet<>(claims.keySet());
        all.addAll(dropped.tables());
        return all;
    }

    Optional<SourcePosition> claimedAt(TableName table) {
        return claimedBySource(table).or(() -> dropped.claimedAt(table));
    }

    private Optional<SourcePosition> claimedBySource(TableName table) {
        return Optional.ofNullable(claims.get(table)).map(TableSource.Table::position);
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
        TableSource.Table claim = claims.get(table);
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
}
