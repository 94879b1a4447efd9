package dev.tarn.connect.odoo.api;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.TableSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A column of a bronze table, and the field it comes from. Where Odoo's database has the column, name and type are those
 * that the database mode gives it, so that one SQL serves both.
 */
record ApiColumn(String field, Column column, Form form) {

    /** How a value stands in the answer, and what becomes of it. */
    enum Form {
        /** A whole number; false is none. */
        ID(DataType.Simple.INT),
        /** The first of {@code [id, name]}. */
        LINK(DataType.Simple.INT),
        /** The second of {@code [id, name]}. */
        LABEL(DataType.Simple.STRING),
        INTEGER(DataType.Simple.INT),
        BOOLEAN(DataType.Simple.BOOLEAN),
        DECIMAL(new DataType.Decimal(DataType.Decimal.MAX_PRECISION, 18)),
        DOUBLE(DataType.Simple.DOUBLE),
        TEXT(DataType.Simple.STRING),
        DATE(DataType.Simple.DATE),
        /** Without a zone, which is UTC. */
        DATETIME(DataType.Simple.TIMESTAMP),
        /** JSON as PostgreSQL writes jsonb. */
        JSON(DataType.Simple.STRING),
        /** Properties with their definitions, of which the values are kept by name, as the database does. */
        PROPERTIES(DataType.Simple.STRING),
        /** Where in the lake the file is that the record is about. */
        FILE(DataType.Simple.STRING),
        /** {@code {"en_US": "text"}}, of the one language that is read. */
        TRANSLATION(DataType.Simple.STRING),
        /** {@code {"1": value}}, of the one company that comes first. */
        OF_COMPANY(DataType.Simple.STRING);

        private final DataType type;

        Form(DataType type) {
            this.type = type;
        }
    }

    /** Fields that change with who asks, or have bytes in them. */
    private static final Set<String> LEFT_OUT = Set.of("binary", "image");

    ApiColumn {
        requireNonNull(field, "field");
        requireNonNull(column, "column");
        requireNonNull(form, "form");
    }

    private ApiColumn(String field, String name, Form form) {
        this(field, new Column(name, form.type), form);
    }

    /** The column of a field that has its name. */
    static ApiColumn of(String name, Form form) {
        return new ApiColumn(name, name, form);
    }

    /** The columns of a table's model, those that never leave the source among them. */
    static List<ApiColumn> ofAll(Collection<ApiField> fields, TableSource.Table table) {
        return of(fields, Set.of(), table.fileMegabytes() != null);
    }

    /** The columns of a table's model. */
    static List<ApiColumn> of(Collection<ApiField> fields, TableSource.Table table) {
        return of(fields, table.exclude(), table.fileMegabytes() != null);
    }

    /** {@code id} first, then by name. Stored fields only, no bytes. */
    private static List<ApiColumn> of(Collection<ApiField> fields, Set<String> exclude, boolean files) {
        Set<String> names = new HashSet<>();
        fields.forEach(field -> names.add(field.name().toLowerCase(Locale.ROOT)));
        List<ApiColumn> columns = new ArrayList<>();
        fields.stream()
                .filter(field -> field.stored() && !LEFT_OUT.contains(field.type()) && !exclude.contains(field.name()))
                .sorted(Comparator.comparing((ApiField field) -> !field.name().equals("id"))
                        .thenComparing(ApiField::name))
                .forEach(field -> {
                    columns.add(new ApiColumn(field.name(), field.name(), form(field)));
                    if (field.type().equals("many2one")) {
                        derive(columns, field.name(), "_label", Form.LABEL, names, exclude);
                    }
                    if (form(field) == Form.TRANSLATION) {
                        derive(columns, field.name(), "_text", Form.TEXT, names, exclude);
                    }
                });
        if (files && !exclude.contains(Attachments.PATH) && names.add(Attachments.PATH)) {
            columns.add(of(Attachments.PATH, Form.FILE));
        }
        return columns;
    }

    /** A field that really has the name comes first. */
    private static void derive(
            List<ApiColumn> columns, String field, String suffix, Form form, Set<String> names, Set<String> exclude) {
        String name = field + suffix;
        if (!exclude.contains(name) && names.add(name.toLowerCase(Locale.ROOT))) {
            columns.add(new ApiColumn(field, name, form));
        }
    }

    private static Form form(ApiField field) {
        if (field.ofCompany()) {
            return Form.OF_COMPANY;
        }
        switch (field.type()) {
            case "integer":
                return field.name().equals("id") ? Form.ID : Form.INTEGER;
            case "many2one_reference":
                return Form.ID;
            case "many2one":
                return Form.LINK;
            case "boolean":
                return Form.BOOLEAN;
            case "monetary":
                return Form.DECIMAL;
            case "float":
                return field.digits() ? Form.DECIMAL : Form.DOUBLE;
            case "date":
                return Form.DATE;
            case "datetime":
                return Form.DATETIME;
            case "one2many":
            case "many2many":
            case "json":
            case "properties_definition":
                return Form.JSON;
            case "properties":
                return Form.PROPERTIES;
            case "char":
            case "text":
            case "html":
                return field.translated() ? Form.TRANSLATION : Form.TEXT;
            default:
                return Form.TEXT;
        }
    }
}
