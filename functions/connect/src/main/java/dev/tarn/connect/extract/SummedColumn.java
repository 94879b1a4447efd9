package dev.tarn.connect.extract;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.postgres.SourceColumn;
import dev.tarn.engine.duckdb.DuckDbTypes;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Sql;
import java.util.Optional;
import java.util.Set;

/**
 * A column whose values are added up on both sides, exactly: whole numbers, decimals, and numbers with a floating point by
 * the fewest digits that name them, of which both databases know the same.
 *
 * @param source the column there
 * @param bronze its type in bronze, which keeps aside what does not fit
 * @param lake its type in the table that is compared
 */
record SummedColumn(SourceColumn source, DataType bronze, DataType lake) {

    private static final Set<DataType> WHOLE =
            Set.of(DataType.Simple.TINYINT, DataType.Simple.SMALLINT, DataType.Simple.INT, DataType.Simple.BIGINT);
    private static final Set<DataType> FLOATING = Set.of(DataType.Simple.FLOAT, DataType.Simple.DOUBLE);

    /** Digits behind the point to which numbers with a floating point are added up. */
    private static final int FLOATING_SCALE = 10;

    private static final String LARGEST_FLOATING = "1e15";

    SummedColumn {
        requireNonNull(source, "source");
        requireNonNull(bronze, "bronze");
        requireNonNull(lake, "lake");
    }

    /** Empty when the values of the two sides cannot be added up exactly. */
    static Optional<SummedColumn> of(SourceColumn source, Optional<Column> bronze, Optional<Column> lake) {
        if (bronze.isEmpty() || lake.isEmpty()) {
            return Optional.empty();
        }
        DataType kept = bronze.get().type();
        DataType shown = lake.get().type();
        boolean asRead = source.column().type().equals(kept);
        boolean floating = FLOATING.contains(kept) && shown.equals(kept);
        boolean whole = WHOLE.contains(kept) && (WHOLE.contains(shown) || shown instanceof DataType.Decimal);
        boolean decimal = kept instanceof DataType.Decimal && shown instanceof DataType.Decimal;
        return asRead && (floating || whole || decimal)
                ? Optional.of(new SummedColumn(source, kept, shown))
                : Optional.empty();
    }

    String name() {
        return source.name();
    }

    private String quoted() {
        return Sql.identifier(name());
    }

    /** Whether the lake's column has fewer digits behind the point than bronze's. */
    boolean isRounded() {
        return bronze instanceof DataType.Decimal from
                && lake instanceof DataType.Decimal to
                && to.scale() < from.scale();
    }

    /** The condition, in PostgreSQL, that bronze's column holds the value. */
    private String fits() {
        if (FLOATING.contains(bronze)) {
            return "abs(" + quoted() + ") < " + LARGEST_FLOATING;
        }
        return bronze instanceof DataType.Decimal type
                ? "abs(" + quoted() + ") < 1e" + (type.precision() - type.scale()) + "::numeric AND " + quoted()
                        + " = round(" + quoted() + ", " + type.scale() + ")"
                : "true";
    }

    /** The sum, in PostgreSQL, of values as the lake's column holds them. */
    String sumInPostgres() {
        return "coalesce(sum(" + inPostgres() + ") FILTER (WHERE " + fits() + "), 0)::text";
    }

    private String inPostgres() {
        if (FLOATING.contains(bronze)) {
            return "round(" + quoted() + "::text::numeric, " + FLOATING_SCALE + ")";
        }
        return lake instanceof DataType.Decimal type
                ? "round(" + quoted() + "::numeric, " + type.scale() + ")"
                : quoted() + "::numeric";
    }

    /** The sum, in PostgreSQL, of all digits that bronze has. */
    String exactSumInPostgres() {
        return "coalesce(sum(" + quoted() + ") FILTER (WHERE " + fits() + "), 0)::text";
    }

    /** How many values, in PostgreSQL, bronze's column cannot hold. */
    String countOfOthersInPostgres() {
        return "count(*) FILTER (WHERE " + quoted() + " IS NOT NULL AND NOT (" + fits() + "))";
    }

    /** The sum, in DuckDB, of values that {@link #shown} made. */
    String sumInDuckDb() {
        if (FLOATING.contains(bronze)) {
            return "coalesce(sum(CASE WHEN abs(" + quoted() + ") < " + LARGEST_FLOATING + " THEN CAST(CAST(" + quoted()
                    + " AS VARCHAR) AS DECIMAL(38," + FLOATING_SCALE + ")) END), 0)::VARCHAR";
        }
        return "coalesce(sum(" + (lake instanceof DataType.Decimal ? quoted() : quoted() + "::HUGEINT")
                + "), 0)::VARCHAR";
    }

    /** The sum, in DuckDB, of values as bronze has them. */
    String exactSumInDuckDb() {
        return "coalesce(sum(" + quoted() + "), 0)::VARCHAR";
    }

    /** The value of bronze's type in DuckDB, as the lake's column holds it. */
    String shown() {
        return "CAST(" + quoted() + " AS " + DuckDbTypes.sqlType(lake) + ") AS " + quoted();
    }

    /** The condition, in DuckDB, that two rows have other values in it, of the lake's type both. */
    String differs(String left, String right) {
        return left + "." + quoted() + " IS DISTINCT FROM " + right + "." + quoted();
    }
}
