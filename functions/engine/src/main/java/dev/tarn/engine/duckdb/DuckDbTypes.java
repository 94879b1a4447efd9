package dev.tarn.engine.duckdb;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.Sql;
import dev.tarn.model.TarnException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The names of types in DuckDB. */
public final class DuckDbTypes {

    private static final Map<DataType.Simple, String> SIMPLE = Map.ofEntries(
            Map.entry(DataType.Simple.BOOLEAN, "BOOLEAN"),
            Map.entry(DataType.Simple.TINYINT, "TINYINT"),
            Map.entry(DataType.Simple.SMALLINT, "SMALLINT"),
            Map.entry(DataType.Simple.INT, "INTEGER"),
            Map.entry(DataType.Simple.BIGINT, "BIGINT"),
            Map.entry(DataType.Simple.FLOAT, "FLOAT"),
            Map.entry(DataType.Simple.DOUBLE, "DOUBLE"),
            Map.entry(DataType.Simple.STRING, "VARCHAR"),
            Map.entry(DataType.Simple.BINARY, "BLOB"),
            Map.entry(DataType.Simple.DATE, "DATE"),
            Map.entry(DataType.Simple.TIMESTAMP, "TIMESTAMP WITH TIME ZONE"),
            Map.entry(DataType.Simple.TIMESTAMP_NTZ, "TIMESTAMP"));
    private static final Map<String, DataType.Simple> BY_NAME =
            SIMPLE.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));

    private DuckDbTypes() {}

    /** DuckDB's name of the type, as DuckDB itself would print it. */
    public static String sqlType(DataType type) {
        if (type instanceof DataType.Simple) {
            return SIMPLE.get(type);
        }
        if (type instanceof DataType.Array array) {
            return sqlType(array.element()) + "[]";
        }
        if (type instanceof DataType.MapOf map) {
            return "MAP(" + sqlType(map.key()) + ", " + sqlType(map.value()) + ")";
        }
        if (type instanceof DataType.Struct struct) {
            return struct.fields().stream()
                    .map(field -> Sql.identifier(field.name()) + " " + sqlType(field.type()))
                    .collect(Collectors.joining(", ", "STRUCT(", ")"));
        }
        return type.toString();
    }

    /** The type that DuckDB calls {@code name}; empty when Delta has none like it (HUGEINT, TIME, UUID ...). */
    public static Optional<DataType> parse(String name) {
        TypeParser.Parsed parsed = TypeParser.parse(name, BY_NAME);
        return parsed.foreign().isEmpty() ? Optional.of(parsed.storable()) : Optional.empty();
    }

    /** The column that DuckDB describes. Throws {@link TarnException} when a table cannot have its type. */
    static Column column(String name, String type) {
        TypeParser.Parsed parsed = TypeParser.parse(type, BY_NAME);
        if (!parsed.foreign().isEmpty()) {
            throw new TarnException(List.of(refusal(name, parsed)), null);
        }
        return new Column(name, parsed.storable());
    }

    private static Problem refusal(String name, TypeParser.Parsed parsed) {
        String found = parsed.foreign().stream()
                .map(foreign -> foreign.path().isEmpty()
                        ? "is " + withArticle(foreign.type())
                        : "has " + withArticle(foreign.type()) + " at " + name + foreign.path())
                .distinct()
                .collect(Collectors.joining(" and "));
        String cast = "CAST(" + Sql.identifier(name) + " AS " + castType(parsed.storable()) + ")";
        String notes = parsed.foreign().stream()
                .map(TypeParser.Foreign::type)
                .flatMap(foreign -> ForeignType.of(foreign).note().stream())
                .distinct()
                .map(note -> " " + note)
                .collect(Collectors.joining());
        return new Problem(
                ErrorCode.TYPE_MISMATCH,
                null,
                "Column " + name + " " + found + ", which no table can have.",
                "Cast it in the query: " + cast + "." + notes);
    }

    private static String withArticle(String type) {
        return ("AEIO".indexOf(type.charAt(0)) < 0 ? "a " : "an ") + type;
    }

    /** As users write types, which DuckDB understands, too. */
    private static String castType(DataType type) {
        return type == DataType.Simple.TIMESTAMP_NTZ || !(type instanceof DataType.Simple)
                ? sqlType(type)
                : type.toString();
    }
}
