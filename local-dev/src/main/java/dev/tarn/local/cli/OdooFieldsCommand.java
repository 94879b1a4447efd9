package dev.tarn.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.connect.extract.SourceFields;
import dev.tarn.connect.extract.TableFields;
import dev.tarn.connect.odoo.api.ApiFields;
import dev.tarn.model.DataType;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.FieldPolicy;
import dev.tarn.model.Nearest;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn odoo fields}: the columns of a source beside those of bronze. */
@Command(
        name = "fields",
        description = "Show which columns of the source are new, of another type or gone, and what becomes of them.")
final class OdooFieldsCommand implements Callable<Integer> {

    private static final String NAME = "tarn odoo fields";

    private final OdooCommand odoo;

    @Parameters(
            arity = "0..1",
            paramLabel = "MODEL|TABLE",
            description = "All columns of this one, account.move. Default: of all tables, what is not the same.")
    private @Nullable String name;

    @Option(
            names = "--backfill",
            paramLabel = "COLUMN",
            description = "Read the table once more and land the rows in which this column, or another, differs.")
    private @Nullable String backfill;

    OdooFieldsCommand(OdooCommand odoo) {
        this.odoo = odoo;
    }

    @Override
    public Integer call() {
        if (backfill != null && name == null) {
            throw new TarnException(
                    ErrorCode.USAGE,
                    "--backfill brings a column of one table, and none is named.",
                    "Name it: tarn odoo fields account.move --backfill " + backfill + ".");
        }
        try (OpenedSource opened = odoo.open(NAME)) {
            List<TableSource.Table> tables =
                    name == null ? opened.source().tables() : List.of(OpenedSource.table(opened.source(), name));
            List<TableFields> fields = fields(opened, tables);
            if (backfill != null) {
                refuse(opened.source(), fields.get(0), backfill);
                return odoo.run(opened, tables, OptionalLong.empty(), true);
            }
            print(odoo.console(), fields);
            return 0;
        }
    }

    private static List<TableFields> fields(OpenedSource opened, List<TableSource.Table> tables) {
        return opened.api()
                .map(api -> new ApiFields(opened.lake(), api).of(tables))
                .orElseGet(() -> new SourceFields(opened.lake(), opened.source(), opened.url()).of(tables));
    }

    private static void refuse(TableSource source, TableFields table, String column) {
        TableFields.Field field = table.fields().stream()
                .filter(found -> found.name().equals(column) && found.state() != TableFields.State.GONE)
                .findFirst()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.COLUMN_NOT_FOUND,
                        "Source " + source.name() + ": " + table.relation() + " has no column " + column + ".",
                        Nearest.sentence(
                                column,
                                table.fields().stream()
                                        .filter(found -> found.state() != TableFields.State.GONE)
                                        .map(TableFields.Field::name)
                                        .toList(),
                                "See those that it has with tarn odoo fields " + table.relation() + ".")));
        if (field.state() == TableFields.State.EXCLUDED) {
            throw new TarnException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "Source " + source.name() + ": column " + column + " of " + table.relation()
                            + " is excluded, so nothing of it is read.",
                    "Take it out of exclude of " + table.relation() + " first.");
        }
        if (field.state() == TableFields.State.NEW && source.fields().added() == FieldPolicy.Added.NONE) {
            throw new TarnException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "Source " + source.name() + ": column " + column + " of " + table.relation()
                            + " is new, and new_field: none leaves it out.",
                    "Write new_field: add below schema of the source first.");
        }
    }

    private void print(Console console, List<TableFields> tables) {
        if (console.isJson()) {
            tables.forEach(table -> console.json(json(table)));
            return;
        }
        TextTable text = new TextTable("table", "column", "state", "source", "bronze", "what happens");
        int shown = 0;
        for (TableFields table : tables) {
            for (TableFields.Field field : table.fields()) {
                if (name != null || field.state() != TableFields.State.SAME) {
                    shown++;
                    text.add(
                            table.relation().toString(),
                            RowTable.visible(field.name()),
                            word(field),
                            field.source().map(DataType::toString).orElse(""),
                            field.bronze().map(DataType::toString).orElse(""),
                            field.meaning());
                }
            }
        }
        if (shown > 0) {
            text.lines().forEach(console::line);
        } else {
            console.line("Every column is as bronze has it.");
        }
        tables.stream()
                .filter(table -> !table.loaded())
                .forEach(table -> console.line(
                        table.target() + " is not there yet: the first look makes it with the columns of the source."));
    }

    private static String word(TableFields.Field field) {
        return field.state().name().toLowerCase(Locale.ROOT);
    }

    private static ObjectNode json(TableFields table) {
        ObjectNode document = Console.object()
                .put("table", table.relation().toString())
                .put("target", table.target().toString())
                .put("loaded", table.loaded());
        ArrayNode fields = document.putArray("fields");
        for (TableFields.Field field : table.fields()) {
            ObjectNode node = fields.addObject().put("name", field.name()).put("state", word(field));
            field.source().ifPresent(type -> node.put("source", type.toString()));
            field.bronze().ifPresent(type -> node.put("bronze", type.toString()));
            node.put("meaning", field.meaning());
        }
        return document;
    }
}
