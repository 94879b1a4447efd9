package dev.tarn.connect.odoo.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.feed.ColumnWriter;
import dev.tarn.model.DataType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes records as columns. Odoo says false where it means nothing; the type of the field tells which false is one. A value
 * that does not fit its column becomes NULL there and goes, as a JSON object, to one more column. For one thread.
 */
final class ApiValues {

    private static final DateTimeFormatter DATETIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    private final List<ApiColumn> columns;
    private final String language;
    private final String company;
    private ObjectNode[] rescued = new ObjectNode[0];
    private byte[][] texts = new byte[0][];

    /**
     * @param language of translated texts
     * @param company id of the one whose values fields have that are kept by company
     */
    ApiValues(List<ApiColumn> columns, String language, int company) {
        this.columns = List.copyOf(columns);
        this.language = language;
        this.company = Integer.toString(company);
    }

    /** Writes the columns, and behind them what did not fit. */
    void write(List<ObjectNode> records, ColumnWriter out) {
        rescued = new ObjectNode[records.size()];
        texts = new byte[out.capacity()][];
        for (int column = 0; column < columns.size(); column++) {
            if (columns.get(column).column().type() == DataType.Simple.STRING) {
                writeTexts(column, records, out);
            } else {
                for (int row = 0; row < records.size(); row++) {
                    write(column, row, value(column, records.get(row)), out);
                }
            }
        }
        for (int row = 0; row < records.size(); row++) {
            texts[row] = rescued[row] == null ? null : utf8(rescued[row].toString());
        }
        out.setStrings(columns.size(), texts, records.size());
    }

    private JsonNode value(int column, ObjectNode record) {
        return record.path(columns.get(column).field());
    }

    private static boolean isNothing(JsonNode value) {
        return value.isMissingNode() || value.isNull() || value.isBoolean() && !value.booleanValue();
    }

    private void write(int column, int row, JsonNode value, ColumnWriter out) {
        ApiColumn.Form form = columns.get(column).form();
        if (form == ApiColumn.Form.BOOLEAN && value.isBoolean()) {
            out.setBoolean(column, row, value.booleanValue());
        } else if (isNothing(value)) {
            out.setNull(column, row);
        } else if (!fits(form, column, row, value, out)) {
            out.setNull(column, row);
            rescue(column, row, value);
        }
    }

    private boolean fits(ApiColumn.Form form, int column, int row, JsonNode value, ColumnWriter out) {
        switch (form) {
            case LINK:
                return fits(ApiColumn.Form.ID, column, row, value.isArray() ? value.path(0) : value, out);
            case ID:
            case INTEGER:
                if (value.isIntegralNumber() && value.canConvertToInt()) {
                    out.setLong(column, row, value.intValue());
                    return true;
                }
                return false;
            case DECIMAL:
                return setDecimal(column, row, value, out);
            case DOUBLE:
                if (value.isNumber()) {
                    out.setDouble(column, row, value.doubleValue());
                }
                return value.isNumber();
            case DATE:
                return setDate(column, row, value, out);
            case DATETIME:
                return setDatetime(column, row, value, out);
            default:
                return false;
        }
    }

    private boolean setDecimal(int column, int row, JsonNode value, ColumnWriter out) {
        // NaN is a number that is no decimal.
        if (!value.isBigDecimal() && !value.isIntegralNumber()) {
            return false;
        }
        DataType.Decimal type = (DataType.Decimal) columns.get(column).column().type();
        BigDecimal number = value.decimalValue();
        BigDecimal shortest = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
        if (shortest.scale() > type.scale()
                || shortest.precision() - shortest.scale() > type.precision() - type.scale()) {
            return false;
        }
        out.setDecimal(column, row, shortest.setScale(type.scale(), RoundingMode.UNNECESSARY));
        return true;
    }

    private static boolean setDate(int column, int row, JsonNode value, ColumnWriter out) {
        try {
            out.setDate(column, row, (int) LocalDate.parse(value.asText()).toEpochDay());
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean setDatetime(int column, int row, JsonNode value, ColumnWriter out) {
        try {
            out.setTimestamp(
                    column,
                    row,
                    ChronoUnit.MICROS.between(
                            LocalDateTime.of(1970, 1, 1, 0, 0), LocalDateTime.parse(value.asText(), DATETIME)));
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private void rescue(int column, int row, JsonNode value) {
        if (rescued[row] == null) {
            rescued[row] = OdooCall.JSON.objectNode();
        }
        rescued[row].put(columns.get(column).field(), value.isContainerNode() ? value.toString() : value.asText());
    }

    private void writeTexts(int column, List<ObjectNode> records, ColumnWriter out) {
        for (int row = 0; row < records.size(); row++) {
            String text = text(columns.get(column).form(), value(column, records.get(row)));
            texts[row] = text == null ? null : utf8(text);
        }
        out.setStrings(column, texts, records.size());
    }

    private @Nullable String text(ApiColumn.Form form, JsonNode value) {
        if (isNothing(value)) {
            return null;
        }
        switch (form) {
            case LABEL:
                return value.path(1).isTextual() ? value.path(1).textValue() : null;
            case JSON:
                return JsonbText.of(value);
            case PROPERTIES:
                return value.isEmpty() ? null : JsonbText.of(properties(value));
            case TRANSLATION:
                return JsonbText.of(OdooCall.JSON.objectNode().set(language, value));
            case OF_COMPANY:
                return JsonbText.of(OdooCall.JSON.objectNode().set(company, withoutLabel(value)));
            default:
                return value.isTextual() ? value.textValue() : value.toString();
        }
    }

    private static JsonNode withoutLabel(JsonNode value) {
        boolean link = value.isArray() && value.size() == 2 && value.path(1).isTextual();
        return link ? value.path(0) : value;
    }

    private static JsonNode properties(JsonNode value) {
        if (!value.isArray()) {
            return value;
        }
        ObjectNode values = OdooCall.JSON.objectNode();
        for (JsonNode property : value) {
            JsonNode content = property.path("value");
            if (property.path("name").isTextual() && !content.isMissingNode()) {
                values.set(property.path("name").textValue(), withoutLabel(content));
            }
        }
        return values;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The second of a moment as Odoo writes it; empty of another text. */
    static Optional<Instant> second(String text) {
        try {
            return Optional.of(LocalDateTime.parse(text, DATETIME).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** A moment as Odoo writes it. */
    static String text(Instant second) {
        return DATETIME.format(LocalDateTime.ofInstant(second, ZoneOffset.UTC));
    }
}
