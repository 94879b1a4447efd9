package dev.tarn.compiler.query;

import static dev.tarn.model.ErrorCode.COLUMN_NOT_FOUND;
import static dev.tarn.model.ErrorCode.SQL_UNSUPPORTED;
import static dev.tarn.model.ErrorCode.TABLE_NOT_FOUND;

import dev.tarn.compiler.project.Problems;
import dev.tarn.model.DataType;
import dev.tarn.model.Nearest;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The columns that a name may mean at one place of a query. Names do not differ by case.
 *
 * @param relations tables of the FROM clause
 * @param columns of all of them, in the order of {@code *}
 * @param aliases names that the same SELECT gives: Spark lets some clauses use them, which is refused
 */
record Scope(List<Relation> relations, List<ScopeColumn> columns, Set<String> aliases) {

    /** A table of the FROM clause. {@code alias} qualifies its columns, {@code shown} names it in messages. */
    record Relation(String alias, String shown, String fullName) {}

    /**
     * A column of one of the tables.
     *
     * @param bare whether it answers to its name alone and belongs to {@code *}
     * @param origins columns that it shows as they are
     */
    record ScopeColumn(String name, String sql, DataType type, String alias, boolean bare, Set<Origin> origins) {}

    Scope {
        relations = List.copyOf(relations);
        columns = List.copyOf(columns);
        aliases = Set.copyOf(aliases);
    }

    static Scope empty() {
        return new Scope(List.of(), List.of(), Set.of());
    }

    Scope withAliases(Collection<String> names) {
        Set<String> lower = new TreeSet<>();
        names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
        return new Scope(relations, columns, lower);
    }

    /** Both scopes side by side. */
    Scope and(Scope other) {
        List<Relation> allRelations = new ArrayList<>(relations);
        allRelations.addAll(other.relations);
        List<ScopeColumn> allColumns = new ArrayList<>(columns);
        allColumns.addAll(other.columns);
        return new Scope(allRelations, allColumns, Set.of());
    }

    boolean hasAlias(String alias) {
        return relations.stream().anyMatch(relation -> relation.alias().equalsIgnoreCase(alias));
    }

    /** The column that {@code parts} name: {@code column}, {@code alias.column} or {@code layer.table.column}. */
    Typed resolve(List<String> parts, List<SourcePosition> positions) {
        int last = parts.size() - 1;
        SourcePosition position = positions.get(last);
        String name = parts.get(last);
        if (last == 0 && bare(name).isEmpty()) {
            throw unknown(name, position);
        }
        List<ScopeColumn> found = last == 0 ? bare(name) : of(qualifier(parts, positions), name, position);
        if (found.size() > 1) {
            String owners = found.stream()
                    .map(column -> column.alias() + "." + column.name())
                    .collect(Collectors.joining(" or "));
            throw Problems.refusal(
                    COLUMN_NOT_FOUND,
                    position,
                    name + " is a column of more than one table here.",
                    "Write " + owners + ".");
        }
        ScopeColumn column = found.get(0);
        return Typed.column(
                column.sql(), column.type(), new Typed.Reference(String.join(".", parts), positions.get(0)));
    }

    /** What {@code sql} shows as it is: nothing unless it is one of the columns. */
    Set<Origin> origins(String sql) {
        return columns.stream()
                .filter(column -> column.sql().equals(sql))
                .findFirst()
                .map(ScopeColumn::origins)
                .orElse(Set.of());
    }

    /** The columns of {@code *}. */
    List<ScopeColumn> star() {
        return columns.stream().filter(ScopeColumn::bare).toList();
    }

    /** The columns of {@code qualifier.*}. */
    List<ScopeColumn> star(List<String> qualifier, List<SourcePosition> positions) {
        List<String> parts = new ArrayList<>(qualifier);
        parts.add("*");
        Relation relation = qualifier(parts, positions);
        return columns.stream()
                .filter(column -> column.alias().equals(relation.alias()))
                .toList();
    }

    private List<ScopeColumn> bare(String name) {
        return columns.stream()
                .filter(column -> column.bare() && column.name().equalsIgnoreCase(name))
                .toList();
    }

    private List<ScopeColumn> of(Relation relation, String name, SourcePosition position) {
        List<ScopeColumn> owned = columns.stream()
                .filter(column -> column.alias().equals(relation.alias()))
                .toList();
        List<ScopeColumn> found = owned.stream()
                .filter(column -> column.name().equalsIgnoreCase(name))
                .toList();
        if (found.isEmpty()) {
            throw unknown(name, relation.shown(), owned, position);
        }
        return found;
    }

    private Relation qualifier(List<String> parts, List<SourcePosition> positions) {
        String qualifier = String.join(".", parts.subList(0, parts.size() - 1));
        List<Relation> found = relations.stream()
                .filter(relation -> relation.alias().equalsIgnoreCase(qualifier)
                        || relation.fullName().equalsIgnoreCase(qualifier))
                .toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        if (!bare(parts.get(0)).isEmpty()) {
            throw Problems.refusal(
                    SQL_UNSUPPORTED,
                    positions.get(0),
                    "A field of the column " + parts.get(0) + " is not supported yet.",
                    "Take the whole column.");
        }
        throw Problems.refusal(
                TABLE_NOT_FOUND,
                positions.get(0),
                qualifier + " is not a table of this query.",
                Nearest.sentence(
                        qualifier,
                        relations.stream().map(Relation::alias).toList(),
                        "Its tables: " + relations.stream().map(Relation::alias).collect(Collectors.joining(", "))
                                + "."));
    }

    private TarnException unknown(String name, SourcePosition position) {
        if (aliases.contains(name.toLowerCase(Locale.ROOT))) {
            return Problems.refusal(
                    SQL_UNSUPPORTED,
                    position,
                    "Using " + name + ", which the same SELECT defines, is not supported yet.",
                    "Repeat its expression here, or define it in a WITH query first.");
        }
        if (relations.isEmpty()) {
            return Problems.refusal(
                    COLUMN_NOT_FOUND,
                    position,
                    name + " is read from no table: the SELECT has no FROM.",
                    "Add FROM and the table.");
        }
        String tables = relations.stream().map(Relation::shown).distinct().collect(Collectors.joining(" or "));
        return unknown(name, tables, star(), position);
    }

    private static TarnException unknown(
            String name, String owner, List<ScopeColumn> columns, SourcePosition position) {
        List<String> names = columns.stream().map(ScopeColumn::name).toList();
        String some = names.stream().limit(20).collect(Collectors.joining(", "));
        String otherwise = "Its columns: " + some + (names.size() > 20 ? ", ..." : "") + ".";
        return Problems.refusal(
                COLUMN_NOT_FOUND,
                position,
                name + " is not a column of " + owner + ".",
                Nearest.sentence(name, names, otherwise));
    }
}
