package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Collectors;

/** Type of a column, as Spark SQL and Delta know it. {@link #toString} gives Spark's notation. */
public sealed interface DataType {

    /** The types without parameters. */
    enum Simple implements DataType {
        BOOLEAN,
        TINYINT,
        SMALLINT,
        INT,
        BIGINT,
        FLOAT,
        DOUBLE,
        STRING,
        BINARY,
        DATE,
        /** A moment, kept as UTC microseconds. */
        TIMESTAMP,
        /** A date and time without a zone, in microseconds. */
        TIMESTAMP_NTZ
    }

    /** {@code DECIMAL(precision, scale)}: at most 38 digits, {@code scale} of them behind the point. */
    record Decimal(int precision, int scale) implements DataType {

        /** Most digits a decimal has, in Spark, in Delta and in DuckDB. */
        public static final int MAX_PRECISION = 38;

        public Decimal {
            if (precision < 1 || precision > MAX_PRECISION || scale < 0 || scale > precision) {
                throw new IllegalArgumentException("DECIMAL(" + precision + "," + scale + ") does not exist: 1 to "
                        + MAX_PRECISION + " digits, none to all of them behind the point");
            }
        }

        @Override
        public String toString() {
            return "DECIMAL(" + precision + "," + scale + ")";
        }
    }

    /** A list of values of one type. */
    record Array(DataType element) implements DataType {
        public Array {
            requireNonNull(element, "element");
        }

        @Override
        public String toString() {
            return "ARRAY<" + element + ">";
        }
    }

    /** Values by key. */
    record MapOf(DataType key, DataType value) implements DataType {
        public MapOf {
            requireNonNull(key, "key");
            requireNonNull(value, "value");
        }

        @Override
        public String toString() {
            return "MAP<" + key + "," + value + ">";
        }
    }

    /** Named fields, in order. */
    record Struct(List<Column> fields) implements DataType {
        public Struct {
            fields = List.copyOf(fields);
        }

        @Override
        public String toString() {
            return fields.stream()
                    .map(field -> field.name() + ":" + field.type())
                    .collect(Collectors.joining(",", "STRUCT<", ">"));
        }
    }
}
