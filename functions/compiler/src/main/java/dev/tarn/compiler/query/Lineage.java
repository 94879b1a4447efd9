package dev.tarn.compiler.query;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What rows went through before they came into a table or a view, as far as they came as a stream.
 *
 * @param origins by column, in lower case: columns that it shows as they are
 * @param judgements of every view and table on the way
 */
public record Lineage(Map<String, Set<Origin>> origins, List<Judgement> judgements) {

    public Lineage {
        origins = Map.copyOf(origins);
        judgements = List.copyOf(judgements);
    }

    /** Nothing is known. */
    public static Lineage none() {
        return new Lineage(Map.of(), List.of());
    }

    Set<Origin> of(String column) {
        return origins.getOrDefault(column.toLowerCase(Locale.ROOT), Set.of());
    }
}
