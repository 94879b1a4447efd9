package dev.tarn.compiler.export;

import dev.tarn.model.SourcePosition;
import java.util.Locale;

/**
 * What is not in an export as it is in the project.
 *
 * @param position where it stands in the project
 * @param what sentence that names it, and what became of it
 * @param why a sentence
 */
public record Remark(SourcePosition position, Kind kind, String what, String why) {

    /** How bad it is. */
    public enum Kind {
        /** It gives the same rows in another way. */
        REWRITTEN,
        /** It is not in the export, or does less. */
        LOST;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public String toString() {
        return position.file() + ":" + position.line() + "  " + kind + "  " + what + " " + why;
    }
}
