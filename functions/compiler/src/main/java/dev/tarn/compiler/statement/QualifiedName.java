package dev.tarn.compiler.statement;

import dev.tarn.model.SourcePosition;
import java.util.List;

/** The name of a table or a view as it is written, and where it begins. */
public record QualifiedName(List<String> parts, SourcePosition position) {

    public QualifiedName {
        parts = List.copyOf(parts);
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("a name has at least one part");
        }
    }

    public String written() {
        return String.join(".", parts);
    }
}
