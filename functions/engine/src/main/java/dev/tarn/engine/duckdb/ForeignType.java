package dev.tarn.engine.duckdb;

import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Simple;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a type of DuckDB that Delta lacks is best cast to.
 *
 * @param storable holds all of its values, or makes those fail that it cannot hold, but for what {@code remark} says
 * @param remark a sentence for whoever casts, null when there is nothing to mind
 */
record ForeignType(DataType storable, @Nullable String remark) {

    private static final ForeignType NUMBER = new ForeignType(
            new DataType.Decimal(DataType.Decimal.MAX_PRECISION, 0), "It fails on more than 38 digits.");
    private static final ForeignType MOMENT = new ForeignType(Simple.TIMESTAMP_NTZ, null);
    private static final ForeignType TEXT = new ForeignType(Simple.STRING, null);

    private static final Map<String, ForeignType> BY_NAME = Map.of(
            "HUGEINT", NUMBER,
            "UHUGEINT", NUMBER,
            "UBIGINT", new ForeignType(new DataType.Decimal(20, 0), null),
            "UINTEGER", new ForeignType(Simple.BIGINT, null),
            "USMALLINT", new ForeignType(Simple.INT, null),
            "UTINYINT", new ForeignType(Simple.SMALLINT, null),
            "TIMESTAMP_S", MOMENT,
            "TIMESTAMP_MS", MOMENT,
            "TIMESTAMP_NS", new ForeignType(Simple.TIMESTAMP_NTZ, "It rounds to microseconds."),
            "NULL", new ForeignType(Simple.STRING, "Or to another type, as the column is meant."));

    /** Of the type that DuckDB calls {@code name}, without parameters. */
    static ForeignType of(String name) {
        // UUID, TIME, INTERVAL, BIT, ENUM, UNION, VARIANT and whatever comes: all can be texts.
        return BY_NAME.getOrDefault(name, TEXT);
    }

    Optional<String> note() {
        return Optional.ofNullable(remark);
    }
}
