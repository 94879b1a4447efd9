package dev.tarn.compiler;

import static dev.tarn.model.ErrorCode.COLUMN_NOT_FOUND;
import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;
import static dev.tarn.model.ErrorCode.TYPE_MISMATCH;

import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.query.ResultColumn;
import dev.tarn.compiler.query.TypeRules;
import dev.tarn.compiler.statement.DeclaredColumn;
import dev.tarn.compiler.statement.TableStatement;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.Effect.AutoCdc;
import dev.tarn.model.Nearest;
import dev.tarn.model.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Finds the columns of a table from those that are declared and those that its flows yield. */
final class TableShape {

    private static final List<String> VERSION = List.of(AutoCdc.START_AT, AutoCdc.END_AT);

    private final TableName name;
    private final TableStatement statement;
    private final List<Filling> fillings;
    private final Optional<DataType> version;
    private final Problems problems = new Problems();

    /** {@code version}: type of the columns that tell how long a version of a row held, when the table has versions. */
    TableShape(TableName name, TableStatement statement, List<Filling> fillings, Optional<DataType> version) {
        this.name = name;
        this.statement = statement;
        this.fillings = fillings;
        this.version = version;
    }

    /** All columns. Throws {@link dev.tarn.model.TarnException} with everything that does not fit. */
    List<Column> columns() {
        for (Filling filling : fillings) {
            problems.attempt(() -> {
                ResultColumn.refuseReserved(filling.columns());
                requireNoVersion(filling);
                return filling;
            });
        }
        problems.refuseIfAny();
        List<Column> columns = statement.columns().isEmpty() ? derived() : declared();
        problems.refuseIfAny();
        return columns;
    }

    /** The columns that flows fill: all but those that AUTO CDC makes. */
    static List<Column> filled(List<Column> columns, boolean versions) {
        return columns.stream()
                .filter(column -> !versions || !isVersion(column.name()))
                .toList();
    }

    private static boolean isVersion(String column) {
        return VERSION.stream().anyMatch(column::equalsIgnoreCase);
    }

    private void requireNoVersion(Filling filling) {
        if (version.isPresent()) {
            filling.columns().stream()
                    .filter(column -> isVersion(column.name()))
                    .forEach(column -> problems.add(
                            CONFIGURATION_INVALID,
                            column.position(),
                            column.name() + " is a column that AUTO CDC makes, and the flow " + filling.id()
                                    + " yields it.",
                            "Leave it out with COLUMNS * EXCEPT (" + column.name() + ")."));
        }
    }

    private List<Column> derived() {
        Map<String, Column> columns = new LinkedHashMap<>();
        for (Filling filling : fillings) {
            for (ResultColumn result : filling.columns()) {
                Column before = columns.get(key(result.name()));
                if (before == null) {
                    columns.put(key(result.name()), new Column(result.name(), result.type()));
                } else {
                    common(before, result, filling)
                            .ifPresent(type -> columns.put(key(result.name()), new Column(before.name(), type)));
                }
            }
        }
        List<Column> all = new ArrayList<>(columns.values());
        version.ifPresent(type -> VERSION.forEach(column -> all.add(new Column(column, type))));
        return all;
    }

    private Optional<DataType> common(Column before, ResultColumn result, Filling filling) {
        Optional<DataType> type = TypeRules.common(before.type(), result.type());
        if (type.isEmpty()) {
            problems.add(
                    TYPE_MISMATCH,
                    result.position(),
                    result.name() + " is " + result.type() + " in the flow " + filling.id() + " and " + before.type()
                            + " in another flow into " + name + ".",
                    "Bring both to one type with CAST.");
        }
        return type;
    }

    private List<Column> declared() {
        List<Column> columns = new ArrayList<>();
        for (DeclaredColumn declared : statement.columns()) {
            if (columns.stream().anyMatch(before -> before.name().equalsIgnoreCase(declared.name()))) {
                problems.add(
                        CONFIGURATION_INVALID,
                        declared.position(),
                        declared.name() + " is declared twice.",
                        "Remove one of them.");
            } else if (version.isPresent() && isVersion(declared.name())) {
                columns.add(versionColumn(declared, version.get()));
            } else {
                type(declared).ifPresent(type -> columns.add(new Column(declared.name(), type, declared.comment())));
            }
        }
        fillings.forEach(this::requireDeclared);
        if (version.isPresent() && problems.none()) {
            addVersion(columns, version.get());
        }
        return columns;
    }

    private void addVersion(List<Column> columns, DataType type) {
        for (String column : VERSION) {
            if (columns.stream().noneMatch(declared -> declared.name().equals(column))) {
                columns.add(new Column(column, type));
            }
        }
    }

    private Column versionColumn(DeclaredColumn declared, DataType type) {
        if (declared.type().isPresent() && !declared.type().get().equals(type)) {
            problems.add(
                    TYPE_MISMATCH,
                    declared.position(),
                    declared.name() + " is declared " + declared.type().get() + ", and SEQUENCE BY is " + type + ".",
                    "Declare " + type + ", or leave the column out: AUTO CDC makes it.");
        }
        if (declared.required() && declared.name().equalsIgnoreCase(AutoCdc.END_AT)) {
            problems.add(
                    CONFIGURATION_INVALID,
                    declared.position(),
                    declared.name() + " is NULL while a version is the current one, and is declared NOT NULL.",
                    "Leave NOT NULL out.");
        }
        return new Column(declared.name().toUpperCase(Locale.ROOT), type, declared.comment());
    }

    /** The type of a declared column: every flow that yields it has to fit. */
    private Optional<DataType> type(DeclaredColumn declared) {
        Optional<DataType> type = declared.type();
        boolean found = false;
        for (Filling filling : fillings) {
            Optional<ResultColumn> result = filling.column(declared.name());
            if (result.isEmpty()) {
                requireMayBeMissing(declared, filling);
                continue;
            }
            found = true;
            if (declared.type().isPresent()) {
                requireFits(declared, result.get(), declared.type().get());
            } else {
                type = type.isEmpty()
                        ? Optional.of(result.get().type())
                        : common(new Column(declared.name(), type.get()), result.get(), filling);
                if (type.isEmpty()) {
                    return type;
                }
            }
        }
        if (!found && declared.type().isEmpty() && problems.none()) {
            problems.add(
                    TYPE_MISMATCH,
                    declared.position(),
                    declared.name() + " has no type, and no flow into " + name + " yields it.",
                    "Write its type behind its name.");
        }
        return type;
    }

    private void requireMayBeMissing(DeclaredColumn declared, Filling filling) {
        if (!filling.byName()) {
            List<String> names =
                    filling.columns().stream().map(ResultColumn::name).toList();
            problems.add(
                    COLUMN_NOT_FOUND,
                    declared.position(),
                    declared.name() + " is declared and the query does not yield it.",
                    Nearest.sentence(declared.name(), names, "The query yields " + String.join(", ", names) + "."));
        } else if (declared.required()) {
            problems.add(
                    COLUMN_NOT_FOUND,
                    declared.position(),
                    declared.name() + " is NOT NULL and the flow " + filling.id() + " does not yield it.",
                    "Yield it there, or leave NOT NULL out.");
        }
    }

    private void requireFits(DeclaredColumn declared, ResultColumn result, DataType wanted) {
        if (!TypeRules.widens(result.type(), wanted)) {
            problems.add(
                    TYPE_MISMATCH,
                    declared.position(),
                    declared.name() + " is declared " + wanted + " and the query yields " + result.type()
                            + ", which does not always fit.",
                    "Declare " + result.type() + ", or CAST in the query.");
        }
    }

    private void requireDeclared(Filling filling) {
        List<String> names =
                statement.columns().stream().map(DeclaredColumn::name).toList();
        for (ResultColumn result : filling.columns()) {
            if (names.stream().noneMatch(result.name()::equalsIgnoreCase)) {
                problems.add(
                        COLUMN_NOT_FOUND,
                        result.position(),
                        filling.byName()
                                ? result.name() + " is not among the declared columns of " + name + "."
                                : result.name() + " is not among the declared columns.",
                        Nearest.sentence(result.name(), names, "Declare it, or leave it out of the query."));
            }
        }
    }

    private static String key(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
