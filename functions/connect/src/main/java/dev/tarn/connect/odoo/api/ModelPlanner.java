package dev.tarn.connect.odoo.api;

import dev.tarn.connect.bronze.BronzeColumns;
import dev.tarn.connect.bronze.LandedColumns;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.FieldPolicy;
import dev.tarn.model.Nearest;
import dev.tarn.model.Problem;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plans the columns of one model, and finds everything in them that keeps it from being read. */
final class ModelPlanner {

    private final TableSource source;
    private final TableSource.Table table;
    private final String model;
    private final Map<String, ApiField> fields;

    private final List<Problem> problems = new ArrayList<>();
    private final List<ApiColumn> read = new ArrayList<>();
    private final LandedColumns.Builder landed = new LandedColumns.Builder();

    private final List<String> remarks = new ArrayList<>();
    private boolean whole;

    ModelPlanner(TableSource source, TableSource.Table table, String model, Map<String, ApiField> fields) {
        this.source = source;
        this.table = table;
        this.model = model;
        this.fields = fields;
    }

    /**
     * Plans.
     *
     * @throws TarnException CONFIGURATION_INVALID, COLUMN_NOT_FOUND, SCHEMA_CHANGED, all problems of the model at once
     */
    ModelPlan plan(@Nullable TableSchema bronze, @Nullable ApiCursor cursor) {
        unknownExclusions(cursor);
        List<ApiColumn> wanted = ApiColumn.of(fields.values(), table);
        for (ApiColumn column : wanted) {
            if (BronzeColumns.isOwn(column.column().name())
                    || column.column().name().equals(ApiFeed.PLACE)) {
                problem(
                        ErrorCode.CONFIGURATION_INVALID,
                        "field " + column.field() + " of " + model
                                + " has the name of another column of the bronze table",
                        "Add " + column.field() + " to exclude of " + model + ".");
            }
        }
        if (wanted.stream().noneMatch(column -> column.field().equals(Domains.ID))) {
            problem(
                    ErrorCode.CONFIGURATION_INVALID,
                    "without its field id, records of " + model + " cannot be told apart",
                    "Take id out of exclude.");
        }
        if (problems.isEmpty()) {
            wanted.forEach(column -> column(column, bronze, cursor));
            removed(wanted, bronze, cursor);
        }
        if (!problems.isEmpty()) {
            throw new TarnException(problems, null);
        }
        ApiField date = fields.get(Domains.WRITE_DATE);
        return new ModelPlan(model, date != null && date.stored(), read, landed.build(), whole, remarks);
    }

    private void unknownExclusions(@Nullable ApiCursor cursor) {
        for (String name : table.exclude().stream().sorted().toList()) {
            boolean derived = name.endsWith("_label") && fields.containsKey(name.substring(0, name.length() - 6))
                    || name.endsWith("_text") && fields.containsKey(name.substring(0, name.length() - 5));
            boolean wasThere = cursor != null && cursor.fields().contains(name);
            if (!fields.containsKey(name) && !derived && !wasThere) {
                problem(
                        ErrorCode.COLUMN_NOT_FOUND,
                        model + " has no field " + name + " that this user sees and that could be excluded",
                        Nearest.sentence(name, fields.keySet(), "Take it out of exclude."));
            }
        }
    }

    private void column(ApiColumn column, @Nullable TableSchema bronze, @Nullable ApiCursor cursor) {
        String name = column.column().name();
        Column before = bronze == null ? null : bronze.column(name).orElse(null);
        if (bronze == null) {
            land(column);
        } else if (before == null) {
            added(column);
        } else if (before.type().equals(column.column().type())) {
            land(column);
            whole |= cursor != null && !cursor.fields().contains(name);
        } else {
            retyped(column, before.type());
        }
    }

    private void land(ApiColumn column) {
        read.add(column);
        landed.land(column.column());
    }

    private void added(ApiColumn column) {
        String name = column.column().name();
        FieldPolicy.Added policy = source.fields().added();
        if (policy == FieldPolicy.Added.ADD) {
            land(column);
            // Odoo fills a new field without writing the records.
            whole = true;
            remarks.add("Column " + name + " of " + model + " is new and was added to " + table.target()
                    + "; the model was read once more.");
        } else if (policy == FieldPolicy.Added.RESCUE) {
            read.add(column);
            landed.rescue(name);
        } else if (policy == FieldPolicy.Added.FAIL) {
            problem(
                    ErrorCode.SCHEMA_CHANGED,
                    "column " + name + " of " + model + " is new; " + table.target() + " does not have it",
                    "Write new_field: add below schema of the source, or add " + name + " to exclude of " + model
                            + ".");
        }
    }

    private void retyped(ApiColumn column, DataType before) {
        String name = column.column().name();
        String what = "column " + name + " of " + model + " is a "
                + column.column().type() + " now; in " + table.target() + " it is a " + before;
        if (source.fields().retyped() == FieldPolicy.Retyped.FAIL) {
            problem(
                    ErrorCode.SCHEMA_CHANGED,
                    what,
                    "Write retyped_field: rescue below schema of the source, or add " + name + " to exclude of " + model
                            + ".");
            return;
        }
        read.add(column);
        landed.retype(name, before);
        remarks.add(Character.toUpperCase(what.charAt(0)) + what.substring(1)
                + ". What does not fit goes to _rescued_data.");
    }

    private void removed(List<ApiColumn> wanted, @Nullable TableSchema bronze, @Nullable ApiCursor cursor) {
        if (bronze == null || cursor == null) {
            return;
        }
        List<String> names =
                wanted.stream().map(column -> column.column().name()).toList();
        for (Column column : BronzeColumns.ofSource(bronze)) {
            boolean gone = cursor.fields().contains(column.name()) && !names.contains(column.name());
            if (!gone || table.exclude().contains(column.name())) {
                continue;
            }
            if (source.fields().removed() == FieldPolicy.Removed.FAIL) {
                problem(
                        ErrorCode.SCHEMA_CHANGED,
                        "column " + column.name() + " of " + model + " is gone, or this user no longer sees it",
                        "Write removed_field: warn below schema of the source; new versions of rows then hold NULL in it.");
            } else {
                remarks.add("Column " + column.name() + " of " + model
                        + " is gone, or this user no longer sees it; new versions of rows hold NULL in it.");
            }
        }
    }

    private void problem(ErrorCode code, String what, String mend) {
        problems.add(new Problem(code, table.position(), "Source " + source.name() + ": " + what + ".", mend));
    }
}
