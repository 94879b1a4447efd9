package dev.tarn.compiler.query;

import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Decimal;
import dev.tarn.model.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An expression that is understood.
 *
 * @param sql for DuckDB; its value has exactly {@code type} there
 * @param type in Spark; of the literal NULL, which has none, it is a placeholder
 * @param literal what the expression is when it is a literal
 * @param references columns of the tables that are read outside an aggregate function
 * @param aggregate whether an aggregate function occurs in it
 * @param window whether a window function occurs in it
 */
record Typed(
        String sql, DataType type, Literal literal, List<Reference> references, boolean aggregate, boolean window) {

    /** A column as the user named it. */
    record Reference(String name, SourcePosition position) {}

    /** Spark treats some literals differently from other expressions of the same type. */
    record Literal(boolean isNull, Optional<Decimal> integer, Optional<String> text) {
        static final Literal NONE = new Literal(false, Optional.empty(), Optional.empty());
        static final Literal NULL = new Literal(true, Optional.empty(), Optional.empty());

        static Literal text(String value) {
            return new Literal(false, Optional.empty(), Optional.of(value));
        }

        /** An integer of so many digits. */
        static Literal integer(int digits) {
            return new Literal(false, Optional.of(new Decimal(digits, 0)), Optional.empty());
        }
    }

    Typed {
        references = List.copyOf(references);
    }

    static Typed literal(String sql, DataType type, Literal literal) {
        return new Typed(sql, type, literal, List.of(), false, false);
    }

    static Typed column(String sql, DataType type, Reference reference) {
        return new Typed(sql, type, Literal.NONE, List.of(reference), false, false);
    }

    /** An expression made of {@code parts}. */
    static Typed of(String sql, DataType type, List<Typed> parts) {
        List<Reference> references = new ArrayList<>();
        parts.forEach(part -> references.addAll(part.references));
        return new Typed(
                sql,
                type,
                Literal.NONE,
                references,
                parts.stream().anyMatch(Typed::aggregate),
                parts.stream().anyMatch(Typed::window));
    }

    /** The same value, converted, with a new text and type. */
    Typed as(String newSql, DataType newType) {
        return new Typed(newSql, newType, Literal.NONE, references, aggregate, window);
    }

    /** The value of an aggregate function: what it reads, it reads before grouping. */
    Typed aggregated() {
        return new Typed(sql, type, Literal.NONE, List.of(), true, window);
    }

    Typed windowed() {
        return new Typed(sql, type, Literal.NONE, references, aggregate, true);
    }

    /** A grouping expression: the same for all rows of a group. */
    Typed grouped() {
        return new Typed(sql, type, literal, List.of(), false, window);
    }
}
