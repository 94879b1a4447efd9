package dev.tarn.compiler.query;

import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;

import dev.tarn.compiler.project.Problems;
import dev.tarn.model.DataType;
import dev.tarn.model.SourcePosition;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A column of a query's result.
 *
 * @param position where it is written
 * @param origins columns that it shows as they are
 */
public record ResultColumn(String name, DataType type, SourcePosition position, Set<Origin> origins) {

    private static final String RESERVED = "_tarn_";

    public ResultColumn {
        origins = Set.copyOf(origins);
    }

    /** Whether it shows a column of {@code relation} as it is. */
    boolean shows(String relation) {
        return origins.stream().anyMatch(origin -> origin.relation().equals(relation));
    }

    /** Refuses names that Tarn gives to columns of its own. */
    public static void refuseReserved(List<ResultColumn> columns) {
        for (ResultColumn column : columns) {
            if (column.name().toLowerCase(Locale.ROOT).startsWith(RESERVED)) {
                throw Problems.refusal(
                        CONFIGURATION_INVALID,
                        column.position(),
                        column.name() + " is not a name for a column: those that begin with " + RESERVED
                                + " are Tarn's own.",
                        "Give it another name with AS.");
            }
        }
    }

    /** The same column as {@code relation}, which has it under this name, shows it. */
    ResultColumn of(String relation) {
        Set<Origin> all = new HashSet<>(origins);
        all.add(new Origin(relation, name.toLowerCase(Locale.ROOT)));
        return new ResultColumn(name, type, position, all);
    }
}
