package dev.tarn.compiler.query;

import dev.tarn.compiler.grammar.Texts;
import dev.tarn.compiler.query.Typed.Literal;
import dev.tarn.model.DataType.Decimal;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.Sql;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.BigDecimalLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.BigIntLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.BooleanLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.ConstantContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.DecimalLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.IntegerLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NullLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NumberContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.NumericLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.StringLiteralContext;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TypeConstructorContext;

/** Binds what the user wrote as a value. Every literal is cast: DuckDB would choose smaller types. */
final class Literals {

    private final Site site;

    Literals(Site site) {
        this.site = site;
    }

    Typed bind(ConstantContext constant) {
        if (constant instanceof NullLiteralContext) {
            return Coercion.nothing();
        }
        if (constant instanceof BooleanLiteralContext) {
            return Typed.literal(constant.getText(), Simple.BOOLEAN, Literal.NONE);
        }
        if (constant instanceof StringLiteralContext text) {
            return string(text);
        }
        if (constant instanceof NumericLiteralContext number) {
            return number(number.number());
        }
        if (constant instanceof TypeConstructorContext typed
                && typed.literalType().DATE() != null) {
            return date(typed);
        }
        throw site.unsupported(
                constant,
                "The literal " + Site.shown(constant),
                "Write numbers as 1 or 1.5, texts as 'text', dates as DATE'2026-01-31'.");
    }

    private Typed string(StringLiteralContext context) {
        String value = Texts.string(context.stringLit());
        if (value.indexOf('\0') >= 0) {
            throw site.unsupported(context, "The character 0 in a text", "Remove it.");
        }
        return Typed.literal(Coercion.cast(Sql.literal(value), Simple.STRING), Simple.STRING, Literal.text(value));
    }

    private Typed number(NumberContext context) {
        String text = context.getText();
        if (context instanceof IntegerLiteralContext) {
            BigInteger value = new BigInteger(text);
            if (value.bitLength() < Integer.SIZE) {
                return integer(value, Simple.INT);
            }
            return value.bitLength() < Long.SIZE ? integer(value, Simple.BIGINT) : decimal(context, text);
        }
        if (context instanceof BigIntLiteralContext) {
            BigInteger value = new BigInteger(text.substring(0, text.length() - 1));
            if (value.bitLength() < Long.SIZE) {
                return integer(value, Simple.BIGINT);
            }
        }
        if (context instanceof DecimalLiteralContext) {
            return decimal(context, text);
        }
        if (context instanceof BigDecimalLiteralContext) {
            return decimal(context, text.substring(0, text.length() - 2));
        }
        throw site.unsupported(
                context, "The number " + text, "Write an integer or a decimal with a point and without exponent.");
    }

    private static Typed integer(BigInteger value, Simple type) {
        int digits = Math.max(1, value.abs().toString().length());
        return Typed.literal(Coercion.cast(value.toString(), type), type, Literal.integer(digits));
    }

    private Typed decimal(NumberContext context, String text) {
        BigDecimal value = new BigDecimal(text);
        int scale = Math.max(0, value.scale());
        int precision = Math.max(value.setScale(scale).precision(), scale);
        if (precision > Decimal.MAX_PRECISION) {
            throw site.unsupported(context, "The number " + text, "A decimal has at most 38 digits.");
        }
        Decimal type = new Decimal(Math.max(1, precision), scale);
        return Typed.literal(Coercion.cast("'" + value.toPlainString() + "'", type), type, Literal.NONE);
    }

    private Typed date(TypeConstructorContext context) {
        String text = Texts.string(context.singleStringLitWithoutMarker());
        try {
            LocalDate date = LocalDate.parse(text);
            return Typed.literal("CAST('" + date + "' AS DATE)", Simple.DATE, Literal.NONE);
        } catch (DateTimeParseException notIso) {
            throw site.mismatch(context, Site.shown(context) + " is not a date.", "Write DATE'2026-01-31'.");
        }
    }
}
