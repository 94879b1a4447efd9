package dev.tarn.compiler.grammar;

import static dev.tarn.model.ErrorCode.SQL_UNSUPPORTED;

import dev.tarn.compiler.project.Problems;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.TarnException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ComplexColTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ComplexDataTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DataTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NonTrivialPrimitiveTypeContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.PrimitiveDataTypeContext;

/** Reads the name of a type. */
public final class Types {

    private static final Map<String, Simple> SIMPLE = Map.ofEntries(
            Map.entry("BOOLEAN", Simple.BOOLEAN),
            Map.entry("TINYINT", Simple.TINYINT),
            Map.entry("BYTE", Simple.TINYINT),
            Map.entry("SMALLINT", Simple.SMALLINT),
            Map.entry("SHORT", Simple.SMALLINT),
            Map.entry("INT", Simple.INT),
            Map.entry("INTEGER", Simple.INT),
            Map.entry("BIGINT", Simple.BIGINT),
            Map.entry("LONG", Simple.BIGINT),
            Map.entry("FLOAT", Simple.FLOAT),
            Map.entry("REAL", Simple.FLOAT),
            Map.entry("DOUBLE", Simple.DOUBLE),
            Map.entry("STRING", Simple.STRING),
            Map.entry("BINARY", Simple.BINARY),
            Map.entry("DATE", Simple.DATE),
            Map.entry("TIMESTAMP", Simple.TIMESTAMP),
            Map.entry("TIMESTAMP_LTZ", Simple.TIMESTAMP),
            Map.entry("TIMESTAMP_NTZ", Simple.TIMESTAMP_NTZ));

    private final SparkGrammar grammar;

    public Types(SparkGrammar grammar) {
        this.grammar = grammar;
    }

    /** The type. Throws {@link TarnException} (SQL_UNSUPPORTED) for one that a table of Tarn does not hold. */
    public DataType read(DataTypeContext context) {
        if (context instanceof ComplexDataTypeContext complex) {
            return complex(complex);
        }
        if (context instanceof PrimitiveDataTypeContext primitive) {
            NonTrivialPrimitiveTypeContext parameters =
                    primitive.primitiveType().nonTrivialPrimitiveType();
            if (parameters != null
                    && (parameters.DECIMAL() != null || parameters.DEC() != null || parameters.NUMERIC() != null)) {
                return decimal(parameters, context);
            }
            Simple simple = SIMPLE.get(context.getText().toUpperCase(Locale.ROOT));
            if (simple != null) {
                return simple;
            }
        }
        throw unsupported(context);
    }

    private DataType decimal(NonTrivialPrimitiveTypeContext context, DataTypeContext whole) {
        List<Integer> numbers = context.integerValue().stream()
                .map(number -> number.getText().matches("[0-9]{1,2}") ? Integer.parseInt(number.getText()) : -1)
                .toList();
        int precision = numbers.isEmpty() ? 10 : numbers.get(0);
        int scale = numbers.size() < 2 ? 0 : numbers.get(1);
        if (precision < 1 || precision > DataType.Decimal.MAX_PRECISION || scale < 0 || scale > precision) {
            throw unsupported(whole);
        }
        return new DataType.Decimal(precision, scale);
    }

    private DataType complex(ComplexDataTypeContext context) {
        if (context.complex.getType() == SqlBaseParser.ARRAY) {
            return new DataType.Array(read(context.dataType(0)));
        }
        if (context.complex.getType() == SqlBaseParser.MAP) {
            return new DataType.MapOf(read(context.dataType(0)), read(context.dataType(1)));
        }
        if (context.complexColTypeList() == null) {
            throw unsupported(context);
        }
        return new DataType.Struct(context.complexColTypeList().complexColType().stream()
                .map(this::field)
                .toList());
    }

    private Column field(ComplexColTypeContext context) {
        return new Column(Texts.name(context.errorCapturingIdentifier()), read(context.dataType()));
    }

    private TarnException unsupported(DataTypeContext context) {
        return Problems.refusal(
                SQL_UNSUPPORTED,
                grammar.at(context),
                SparkGrammar.text(context) + " is not a type that a table of Tarn holds.",
                "Use BOOLEAN, TINYINT, SMALLINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL(p,s) with at most 38 digits, STRING,"
                        + " BINARY, DATE, TIMESTAMP or TIMESTAMP_NTZ.");
    }
}
