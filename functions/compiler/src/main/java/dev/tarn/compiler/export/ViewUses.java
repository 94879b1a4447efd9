package dev.tarn.compiler.export;

import dev.tarn.compiler.grammar.SparkGrammar.Slice;
import dev.tarn.compiler.statement.FlowStatement.Changes;
import dev.tarn.compiler.statement.FlowStatement.Insertion;
import dev.tarn.compiler.statement.ViewStatement;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.antlr.v4.runtime.Token;

/** Which views are read as a stream, and which, because AUTO CDC became a query, as what there is. By names in lower case. */
final class ViewUses {

    private static final String ALL = "_all";

    private final Map<String, ViewStatement> views = new HashMap<>();
    private final Set<String> whole = new HashSet<>();
    private final Set<String> streamed = new HashSet<>();

    ViewUses(ExportableProject project) {
        project.statements()
                .filter(ViewStatement.class::isInstance)
                .map(ViewStatement.class::cast)
                .forEach(view -> views.put(key(view), view));
        project.plan().flows().stream().map(flow -> flow.target()).distinct().forEach(target -> project.flows(target)
                .forEach(flow -> {
                    if (flow.work() instanceof Changes changes) {
                        note(changes.source(), whole);
                    } else if (flow.work() instanceof Insertion insertion) {
                        note(insertion.query(), streamed);
                    }
                }));
    }

    private static String key(ViewStatement view) {
        List<String> parts = view.name().parts();
        return parts.get(parts.size() - 1).toLowerCase(Locale.ROOT);
    }

    private void note(Slice query, Set<String> used) {
        for (Token token : query.tokens()) {
            String word = token.getText().replace("`", "").toLowerCase(Locale.ROOT);
            if (views.containsKey(word) && used.add(word)) {
                note(views.get(word).query(), used);
            }
        }
    }

    /** Whether the view is read as what there is, by AUTO CDC. */
    boolean whole(ViewStatement view) {
        return whole.contains(key(view));
    }

    /** Whether it is read as the project reads it, or not at all. */
    boolean asWritten(ViewStatement view) {
        return streamed.contains(key(view)) || !whole.contains(key(view));
    }

    /** The name of the view where it is read as what there is. */
    String nameOfWhole(ViewStatement view) {
        return names().getOrDefault(
                        key(view), view.name().parts().get(view.name().parts().size() - 1));
    }

    /** How the user's SQL reads what there is. */
    SqlText reading() {
        return new SqlText(true, names());
    }

    private Map<String, String> names() {
        Map<String, String> names = new HashMap<>();
        whole.stream().filter(streamed::contains).forEach(view -> names.put(view, view + ALL));
        return names;
    }
}
