package dev.tarn.connect.extract;

import dev.tarn.connect.bronze.BronzeColumns;
import dev.tarn.connect.bronze.LandedColumns;
import dev.tarn.connect.postgres.SourceColumn;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.FieldPolicy;
import dev.tarn.model.Nearest;
import dev.tarn.model.Problem;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Plans the columns of one table, and finds everything that keeps it from being read. */
final class ColumnPlanner {

    /** What Odoo falls back to where a text is not translated. */
    private static final String ODOO_FALLBACK = "en_US";

    /** Delta's protocol, on column mapping: without it names have none of these. */
    private static final Pattern IMPOSSIBLE = Pattern.compile("[ ,;{}()\\n\\t=]");

    private final TableSource source;
    private final TableSource.Table table;
    private final SourceTable found;
    private final Set<String> translated;
    private final @Nullable TableSchema bronze;
    private final @Nullable SourceCursor cursor;

    private final List<Problem> problems = new ArrayList<>();
    private final List<SourceColumn> read = new ArrayList<>();
    private final LandedColumns.Builder landed = new LandedColumns.Builder();

    private final List<String> remarks = new ArrayList<>();
    private boolean whole;

    ColumnPlanner(
            TableSource source,
            TableSource.Table table,
            SourceTable found,
            Set<String> translated,
            @Nullable TableSchema bronze,
            @Nullable SourceCursor cursor) {
        this.source = source;
        this.table = table;
        this.found = found;
        this.translated = translated;
        this.bronze = bronze;
        this.cursor = cursor;
    }

    /**
     * Plans.
     *
     * @throws TarnException CONFIGURATION_INVALID, COLUMN_NOT_FOUND, SCHEMA_CHANGED, all problems of the table at once
     */
    ColumnPlan plan() {
        List<SourceColumn> wanted = found.columns().stream()
                .filter(column -> !table.exclude().contains(column.name()))
                .toList();
        if (wanted.isEmpty()) {
            problem(
                    ErrorCode.CONFIGURATION_INVALID,
                    "no column of " + table.relation() + " is left to read",
                    "Exclude fewer columns.");
            throw new TarnException(problems, null);
        }
        unknownExclusions();
        readableNames(wanted);
        if (problems.isEmpty()) {
            wanted.forEach(this::column);
            removed();
        }
        Optional<Keys> key = key(wanted);
        if (!problems.isEmpty()) {
            throw new TarnException(problems, null);
        }
        return new ColumnPlan(read, key.orElseThrow(), landed.build(), whole, remarks);
    }

    private void unknownExclusions() {
        Set<String> known = new HashSet<>();
        found.columns().forEach(column -> known.add(column.name()));
        for (String name : table.exclude()) {
            boolean wasThere = cursor != null && cursor.columns().containsKey(name);
            if (!known.contains(name) && !wasThere) {
                problem(
                        ErrorCode.COLUMN_NOT_FOUND,
                        table.relation() + " has no column " + name + " that could be excluded",
                        Nearest.sentence(name, known, "Take it out of exclude."));
            }
        }
    }

    private void readableNames(List<SourceColumn> wanted) {
        Set<String> seen = new HashSet<>();
        for (SourceColumn column : wanted) {
            if (IMPOSSIBLE.matcher(column.name()).find()) {
                problem(
                        ErrorCode.CONFIGURATION_INVALID,
                        "column " + column.name() + " of " + table.relation()
                                + " has a name that no column of a Delta table can have",
                        "Add " + column.name() + " to exclude of " + table.relation() + ".");
            }
            if (BronzeColumns.isOwn(column.name()) || !seen.add(column.name().toLowerCase(Locale.ROOT))) {
                problem(
                        ErrorCode.CONFIGURATION_INVALID,
                        "column " + column.name() + " of " + table.relation()
                                + " has the name of another column of the bronze table",
                        "Add " + column.name() + " to exclude of " + table.relation() + ".");
            }
        }
    }

    private void column(SourceColumn column) {
        Column before = bronze == null ? null : bronze.column(column.name()).orElse(null);
        if (bronze == null) {
            land(column);
        } else if (before == null) {
            added(column);
        } else if (!before.type().equals(column.column().type())) {
            retyped(column, before.type());
        } else if (wasMadeAgain(column)) {
            madeAgain(column);
        } else {
            land(column);
            // A range of a first load can bring a column into bronze that rows of earlier ranges did not have yet.
            whole |= isUnknownToTheCursor(column) && found.filled().contains(column.name());
        }
        translation(column);
    }

    private void land(SourceColumn column) {
        read.add(column);
        landed.land(column.column());
    }

    private void added(SourceColumn column) {
        FieldPolicy.Added policy = source.fields().added();
        if (policy == FieldPolicy.Added.ADD) {
            land(column);
            boolean wasExcluded = cursor != null && cursor.columns().containsKey(column.name());
            whole |= wasExcluded || found.filled().contains(column.name());
            remarks.add("Column " + column.name() + " of " + table.relation() + " is new and was added to "
                    + table.target() + ".");
        } else if (policy == FieldPolicy.Added.RESCUE) {
            read.add(column);
            landed.rescue(column.name());
        } else if (policy == FieldPolicy.Added.FAIL) {
            changed(
                    "column " + column.name() + " of " + table.relation() + " is new; " + table.target()
                            + " does not have it",
                    "Write new_field: add below schema of the source, or add " + column.name() + " to exclude of "
                            + table.relation() + ".");
        }
    }

    private boolean isUnknownToTheCursor(SourceColumn column) {
        return cursor != null && !cursor.columns().containsKey(column.name());
    }

    private boolean wasMadeAgain(SourceColumn column) {
        Integer number = cursor == null ? null : cursor.columns().get(column.name());
        return number != null && number != column.number();
    }

    /** It has new values that no row was written for. */
    private void madeAgain(SourceColumn column) {
        if (source.fields().added() == FieldPolicy.Added.FAIL) {
            changed(
                    "column " + column.name() + " of " + table.relation()
                            + " was dropped and made again, so what was read of it no longer holds",
                    "Write new_field: add below schema of the source, and the table is read once more, or add "
                            + column.name() + " to exclude of " + table.relation() + ".");
            return;
        }
        land(column);
        whole = true;
        remarks.add("Column " + column.name() + " of " + table.relation()
                + " was dropped and made again, so the table was read once more.");
    }

    private void retyped(SourceColumn column, DataType before) {
        String what = "column " + column.name() + " of " + table.relation() + " is a "
                + column.column().type() + " now; in " + table.target() + " it is a " + before;
        if (keyNames().contains(column.name())) {
            changed(
                    what + ", and it tells rows apart",
                    "Take the folder of " + table.target()
                            + " out of the lake, and the next look reads the table anew; what streams from it then needs tarn"
                            + " update --full-refresh.");
            return;
        }
        if (source.fields().retyped() == FieldPolicy.Retyped.FAIL) {
            changed(
                    what,
                    "Write retyped_field: rescue below schema of the source, or add " + column.name()
                            + " to exclude of " + table.relation() + ".");
            return;
        }
        read.add(column);
        landed.retype(column.name(), before);
        if (wasMadeAgain(column)) {
            whole = true;
        }
        remarks.add(Character.toUpperCase(what.charAt(0)) + what.substring(1)
                + ". What does not fit goes to _rescued_data.");
    }

    private void translation(SourceColumn column) {
        if (!(source.connection() instanceof SourceConnection.OdooDatabase odoo)
                || !translated.contains(column.name())
                || !column.typeName().equals("jsonb")
                || !read.contains(column)) {
            return;
        }
        String name = column.name() + "_text";
        if (found.column(name).isPresent()) {
            return;
        }
        String json = Sql.identifier(column.name());
        landed.derive(
                new Column(name, DataType.Simple.STRING),
                "coalesce(json_extract_string(" + json + ", " + Sql.literal("$." + quoted(odoo.language())) + "), "
                        + "json_extract_string(" + json + ", " + Sql.literal("$." + quoted(ODOO_FALLBACK)) + "))");
        whole |= bronze != null && bronze.column(name).isEmpty();
    }

    private static String quoted(String key) {
        return '"' + key + '"';
    }

    private void removed() {
        if (bronze == null || cursor == null) {
            return;
        }
        for (Column column : BronzeColumns.ofSource(bronze)) {
            boolean gone =
                    found.column(column.name()).isEmpty() && cursor.columns().containsKey(column.name());
            if (!gone || table.exclude().contains(column.name())) {
                continue;
            }
            if (source.fields().removed() == FieldPolicy.Removed.FAIL) {
                changed(
                        "column " + column.name() + " of " + table.relation() + " is gone",
                        "Write removed_field: warn below schema of the source; new versions of rows then hold NULL in it.");
            } else {
                remarks.add("Column " + column.name() + " of " + table.relation()
                        + " is gone; new versions of rows hold NULL in it.");
            }
        }
    }

    private Optional<Keys> key(List<SourceColumn> wanted) {
        List<String> names = keyNames();
        if (names.isEmpty()) {
            problem(
                    ErrorCode.CONFIGURATION_INVALID,
                    table.relation() + " has no primary key, so its rows cannot be told apart",
                    "Name columns that are never NULL and tell them apart: key: [a, b].");
            return Optional.empty();
        }
        List<SourceColumn> columns = new ArrayList<>();
        for (String name : names) {
            SourceColumn column = wanted.stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .findFirst()
                    .orElse(null);
            if (column == null) {
                problem(
                        ErrorCode.COLUMN_NOT_FOUND,
                        table.relation() + " has no column " + name + " that is read and could be its key",
                        Nearest.sentence(
                                name,
                                wanted.stream().map(SourceColumn::name).toList(),
                                "Correct key, or take it out of exclude."));
            } else if (!Keys.canBe(column)) {
                problem(
                        ErrorCode.CONFIGURATION_INVALID,
                        "column " + name + " of " + table.relation() + " is a " + column.typeName()
                                + ", by which keys cannot be compared",
                        "Name another key: whole numbers, texts, uuids and dates can be one.");
            } else {
                columns.add(column);
            }
        }
        return columns.size() == names.size() ? Optional.of(new Keys(columns)) : Optional.empty();
    }

    private List<String> keyNames() {
        if (!table.key().isEmpty()) {
            return table.key();
        }
        boolean odoo = source.connection() instanceof SourceConnection.OdooDatabase;
        return odoo && found.key().isEmpty() && found.column("id").isPresent() ? List.of("id") : found.key();
    }

    private void changed(String what, String mend) {
        problem(ErrorCode.SCHEMA_CHANGED, what, mend);
    }

    private void problem(ErrorCode code, String what, String mend) {
        problems.add(new Problem(code, table.position(), "Source " + source.name() + ": " + what + ".", mend));
    }
}
