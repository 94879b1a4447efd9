package dev.tarn.compiler.project;

import dev.tarn.compiler.grammar.SparkGrammar;
import dev.tarn.compiler.grammar.Types;
import dev.tarn.model.BronzeSchema;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.antlr.v4.runtime.Token;

/** Reads the {@code columns} of a drop: names and types, as in SQL. */
public final class DropColumnsReader {

    private DropColumnsReader() {}

    /** Whether values of files are read as that type. */
    public static boolean isType(DataType type) {
        return type instanceof DataType.Decimal
                || type instanceof DataType.Simple simple && simple != DataType.Simple.BINARY;
    }

    static List<Column> read(YamlMap yaml) {
        List<Column> columns = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        for (String name : yaml.keys()) {
            if (!BronzeSchema.isNameOfSource(name)) {
                yaml.invalid(
                        name,
                        "'" + name + "' cannot be the name of a column.",
                        "Name it without spaces and the characters , ; { } ( ) =, and not with _ at the beginning: those"
                                + " names are Tarn's.");
            } else if (!names.add(name.toLowerCase(Locale.ROOT))) {
                yaml.invalid(
                        name, "Column " + name + " is there twice: names differ by more than their case.", "Keep one.");
            } else {
                yaml.required(name)
                        .flatMap(text -> type(yaml, name, text))
                        .ifPresent(type -> columns.add(new Column(name, type)));
            }
        }
        return columns;
    }

    private static Optional<DataType> type(YamlMap yaml, String name, String text) {
        try {
            SparkGrammar grammar = new SparkGrammar(new ProjectFile("type", text));
            List<Token> tokens = grammar.tokens();
            int end = tokens.size() - 1;
            DataType type = new Types(grammar)
                    .read(grammar.dataType(new SparkGrammar.Slice(tokens.subList(0, end), tokens.get(end))));
            return isType(type) ? Optional.of(type) : noType(yaml, name, text);
        } catch (TarnException notOne) {
            return noType(yaml, name, text);
        }
    }

    private static Optional<DataType> noType(YamlMap yaml, String name, String text) {
        return yaml.invalid(
                name,
                "'" + text + "' is not a type that values of files are read as.",
                "Use BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL(p,s) with at most 38 digits, STRING,"
                        + " DATE, TIMESTAMP or TIMESTAMP_NTZ; one with a comma stands in quotes: \"DECIMAL(18,2)\".");
    }
}
