package dev.tarn.engine.delta;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** How columns and fields may be called. */
final class ColumnNames {

    static final String MEND = "Name it without spaces, line ends and the characters , ; { } ( ) =.";

    /** Characters that Delta and Spark refuse in the name of a column, unless names are mapped. */
    private static final Pattern UNSUPPORTED = Pattern.compile("[ ,;{}()\\n\\t=]");

    private ColumnNames() {}

    /** The first name among the columns and their fields that Spark could not read; empty when there is none. */
    static Optional<String> unsupported(List<Column> columns) {
        for (Column column : columns) {
            Optional<String> unsupported =
                    UNSUPPORTED.matcher(column.name()).find() ? Optional.of(column.name()) : ofFields(column.type());
            if (unsupported.isPresent()) {
                return unsupported;
            }
        }
        return Optional.empty();
    }

    private static Optional<String> ofFields(DataType type) {
        if (type instanceof DataType.Struct struct) {
            return unsupported(struct.fields());
        }
        if (type instanceof DataType.Array array) {
            return ofFields(array.element());
        }
        if (type instanceof DataType.MapOf map) {
            return ofFields(map.key()).or(() -> ofFields(map.value()));
        }
        return Optional.empty();
    }
}
