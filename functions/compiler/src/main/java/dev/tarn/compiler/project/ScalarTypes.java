package dev.tarn.compiler.project;

import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Simple;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Types that a single value of JSON can have. */
final class ScalarTypes {

    static final String WORDS =
            "BOOLEAN, INT, BIGINT, DOUBLE, DECIMAL(p,s) with at most 38 digits, STRING, DATE or TIMESTAMP";

    private static final Map<String, Simple> SIMPLE = Map.of(
            "BOOLEAN", Simple.BOOLEAN,
            "INT", Simple.INT,
            "BIGINT", Simple.BIGINT,
            "DOUBLE", Simple.DOUBLE,
            "STRING", Simple.STRING,
            "DATE", Simple.DATE,
            "TIMESTAMP", Simple.TIMESTAMP);

    private static final Pattern DECIMAL = Pattern.compile("DECIMAL\\(\\s*([0-9]{1,2})\\s*,\\s*([0-9]{1,2})\\s*\\)");

    private ScalarTypes() {}

    /** The type of that name; empty when the text names none of them. */
    static Optional<DataType> tryParse(String text) {
        String name = text.strip().toUpperCase(Locale.ROOT);
        if (SIMPLE.containsKey(name)) {
            return Optional.of(SIMPLE.get(name));
        }
        Matcher decimal = DECIMAL.matcher(name);
        if (!decimal.matches()) {
            return Optional.empty();
        }
        int precision = Integer.parseInt(decimal.group(1));
        int scale = Integer.parseInt(decimal.group(2));
        return precision >= 1 && precision <= DataType.Decimal.MAX_PRECISION && scale <= precision
                ? Optional.of(new DataType.Decimal(precision, scale))
                : Optional.empty();
    }
}
