package dev.tarn.compiler.query;

import dev.tarn.model.DataType;
import java.util.Optional;

/** Which values fit into a column. */
public final class TypeRules {

    private TypeRules() {}

    /** Whether a column of type {@code to} holds every value of type {@code from} unchanged. */
    public static boolean widens(DataType from, DataType to) {
        return Coercion.widens(from, to);
    }

    /** The type that holds every value of both unchanged; empty when there is none. */
    public static Optional<DataType> common(DataType a, DataType b) {
        return Coercion.common(a, b).filter(type -> widens(a, type) && widens(b, type));
    }

    /** Whether values of the type have an order that Spark and DuckDB share. */
    public static boolean isOrdered(DataType type) {
        return Coercion.isOrdered(type);
    }
}
