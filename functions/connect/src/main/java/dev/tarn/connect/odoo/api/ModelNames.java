package dev.tarn.connect.odoo.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Nearest;
import dev.tarn.model.Problem;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which model each table of a source is, and whether the user may read it. */
final class ModelNames {

    /** How tables of links between two models end. */
    static final String RELATION = "_rel";

    private final TableSource source;
    private final OdooRecords records;

    ModelNames(TableSource source, OdooRecords records) {
        this.source = source;
        this.records = records;
    }

    /**
     * Finds them all.
     *
     * @throws TarnException SOURCE_TABLE_MISSING, SOURCE_LOGIN_REFUSED, all at once
     */
    Map<TableSource.Table, String> find() {
        List<Problem> problems = new ArrayList<>();
        Map<TableSource.Table, String> found = find(problems);
        if (!problems.isEmpty()) {
            throw new TarnException(problems, null);
        }
        return found;
    }

    /** Finds those that can be read; what keeps the others from it is noted. */
    Map<TableSource.Table, String> find(List<Problem> problems) {
        Optional<Set<String>> known = records.models();
        Map<String, String> byRelation = new HashMap<>();
        known.ifPresent(models -> models.forEach(model -> byRelation.put(model.replace('.', '_'), model)));
        Map<TableSource.Table, String> found = new LinkedHashMap<>();
        for (TableSource.Table table : source.tables()) {
            String relation = table.relation().name();
            String model = byRelation.getOrDefault(relation, known.isPresent() ? "" : relation.replace('_', '.'));
            if (model.isEmpty()) {
                problems.add(missing(table, known.orElse(Set.of())));
            } else {
                unreadable(model).ifPresentOrElse(problems::addAll, () -> found.put(table, model));
            }
        }
        return found;
    }

    private Problem missing(TableSource.Table table, Set<String> models) {
        String relation = table.relation().name();
        String begin = "Source " + source.name() + ": ";
        if (relation.endsWith(RELATION)) {
            return new Problem(
                    ErrorCode.SOURCE_TABLE_MISSING,
                    table.position(),
                    begin + relation + " is no model of " + records.api().login()
                            + ", and by the API there are models only; it looks like the links of a many-to-many field.",
                    "Use that field of its model, which holds the ids as JSON, or read the database.");
        }
        String wanted = relation.replace('_', '.');
        return new Problem(
                ErrorCode.SOURCE_TABLE_MISSING,
                table.position(),
                begin + records.api().login() + " has no model " + wanted + ".",
                Nearest.sentence(wanted, models, "Correct it, or install the Odoo module that brings it."));
    }

    private Optional<List<Problem>> unreadable(String model) {
        ArrayNode none = Domains.none();
        try {
            records.count(model, none);
            return Optional.empty();
        } catch (TarnException refusal) {
            if (refusal.code() == ErrorCode.SOURCE_LOGIN_REFUSED || refusal.code() == ErrorCode.SOURCE_TABLE_MISSING) {
                return Optional.of(refusal.problems());
            }
            throw refusal;
        }
    }
}
