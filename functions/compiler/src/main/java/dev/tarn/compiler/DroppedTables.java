package dev.tarn.compiler;

import dev.tarn.compiler.project.Problems;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.FileDrop;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The tables of bronze that dropped files fill. */
final class DroppedTables {

    private final Map<TableName, FileDrop> drops = new LinkedHashMap<>();

    /** Notes every table that is claimed already, and every table that has the name of another's quarantine. */
    DroppedTables(List<FileDrop> all, Function<TableName, Optional<SourcePosition>> claimed, Problems problems) {
        for (FileDrop drop : all) {
            TableName table = drop.target();
            Optional<SourcePosition> before = claimed.apply(table).or(() -> claimedAt(table));
            if (before.isPresent()) {
                problems.add(
                        ErrorCode.TABLE_CLAIMED_TWICE,
                        drop.position(),
                        table + " is already filled from " + before.get() + ".",
                        "Give one of them another name.");
            }
            drops.putIfAbsent(table, drop);
        }
        for (FileDrop drop : all) {
            TableName aside = drop.target().quarantine();
            claimed.apply(aside)
                    .or(() -> claimedAt(aside))
                    .ifPresent(place -> problems.add(
                            ErrorCode.TABLE_CLAIMED_TWICE,
                            place,
                            aside + " keeps what of the files of " + drop.target() + " cannot be read.",
                            "Give the table another name."));
        }
    }

    /** A drop that a query describes. The same files, described alike, have one table. */
    TableName add(FileDrop drop) {
        FileDrop before = drops.putIfAbsent(drop.target(), drop);
        if (before != null && !before.equals(drop.at(before.position()))) {
            throw Problems.refusal(
                    ErrorCode.CONFIGURATION_INVALID,
                    drop.position(),
                    "The rows of these files go to " + drop.target() + ", as those of other files or options at "
                            + before.position() + ".",
                    "Write the same options in both places, or put the files into folders with other names.");
        }
        return drop.target();
    }

    List<FileDrop> all() {
        return List.copyOf(drops.values());
    }

    Set<TableName> tables() {
        return drops.keySet();
    }

    Optional<SourcePosition> claimedAt(TableName table) {
        return Optional.ofNullable(drops.get(table)).map(FileDrop::position);
    }

    /** The columns that the table has, or gets with the next look at its files. */
    TableSchema schema(TableName table, Optional<TableSchema> known) {
        FileDrop drop = drops.get(table);
        return known.map(drop::tableSchema).orElseGet(drop::tableSchema);
    }

    void requireStream(TableName table, SourcePosition position) {
        FileDrop drop = drops.get(table);
        if (drop != null && drop.keep() == FileDrop.Keep.LATEST) {
            throw Problems.refusal(
                    ErrorCode.SQL_UNSUPPORTED,
                    position,
                    "STREAM of " + table + ", whose rows the newest file replaces, is not supported.",
                    "Read it without STREAM in a materialized view.");
        }
    }
}
