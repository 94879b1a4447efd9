package dev.tarn.engine.delta;

import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Of which columns a table wants statistics, by its properties. */
final class IndexedColumns {

    private static final String FIRST = "delta.dataSkippingNumIndexedCols";
    private static final String FIRST_DEFAULT = "32";
    private static final String NAMED = "delta.dataSkippingStatsColumns";

    private final Set<List<String>> paths = new HashSet<>();
    private int room;

    private IndexedColumns(int room) {
        this.room = room;
    }

    /**
     * Paths of the columns, lists and maps among them, and of the fields in structs.
     *
     * @param properties of the table
     * @param partitionColumns which have no statistics, and are not counted
     */
    static Set<List<String>> of(StructType schema, Map<String, String> properties, Set<String> partitionColumns) {
        String named = properties.get(NAMED);
        int first = Integer.parseInt(properties.getOrDefault(FIRST, FIRST_DEFAULT));
        IndexedColumns columns = new IndexedColumns(named != null || first < 0 ? Integer.MAX_VALUE : first);
        Set<List<String>> wanted = named == null ? Set.of(List.of()) : paths(named);
        for (StructField field : schema.fields()) {
            if (!partitionColumns.contains(field.getName())) {
                columns.collect(field, List.of(), wanted, wanted.contains(List.of()));
            }
        }
        return columns.paths;
    }

    private void collect(StructField field, List<String> parents, Set<List<String>> wanted, boolean isWanted) {
        List<String> path = new ArrayList<>(parents);
        path.add(field.getName());
        boolean here = isWanted
                || wanted.contains(
                        path.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList());
        if (field.getDataType() instanceof StructType struct) {
            struct.fields().forEach(inner -> collect(inner, path, wanted, here));
        } else if (here && room-- > 0) {
            paths.add(path);
        }
    }

    /** Separated by commas, their parts by points, and a name with one of these in backticks. */
    private static Set<List<String>> paths(String named) {
        Set<List<String>> paths = new HashSet<>();
        List<String> path = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        boolean quoted = false;
        for (char letter : (named.toLowerCase(Locale.ROOT) + ",").toCharArray()) {
            if (letter == '`') {
                quoted = !quoted;
            } else if (quoted || letter != ',' && letter != '.') {
                name.append(letter);
            } else {
                path.add(name.toString().strip());
                name.setLength(0);
                if (letter == ',') {
                    paths.add(List.copyOf(path));
                    path.clear();
                }
            }
        }
        return paths;
    }
}
