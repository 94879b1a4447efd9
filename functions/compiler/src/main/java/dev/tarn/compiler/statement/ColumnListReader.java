package dev.tarn.compiler.statement;

import dev.tarn.compiler.grammar.SparkGrammar.Slice;
import dev.tarn.compiler.grammar.Texts;
import dev.tarn.compiler.grammar.Types;
import dev.tarn.model.DataType;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads the list of columns and constraints behind the name of a table or a view. */
final class ColumnListReader {

    private static final Set<String> AFTER_TYPE = Set.of(
            "COMMENT",
            "NOT",
            "NULL",
            "DEFAULT",
            "GENERATED",
            "PRIMARY",
            "CONSTRAINT",
            "MASK",
            "REFERENCES",
            "COLLATE",
            "UNIQUE",
            "CHECK",
            "FOREIGN");
    private static final String NO_KEYS =
            "Leave it out: nothing would ensure it. CONSTRAINT name EXPECT (condition) checks" + " rows one by one.";
    private static final String NO_CHECK = "Write CONSTRAINT name EXPECT (condition) ON VIOLATION FAIL UPDATE.";

    private final TokenCursor tokens;
    private final Types types;
    private final List<DeclaredColumn> columns = new ArrayList<>();
    private final List<Constraint> constraints = new ArrayList<>();

    ColumnListReader(TokenCursor tokens) {
        this.tokens = tokens;
        this.types = new Types(tokens.grammar());
    }

    List<DeclaredColumn> columns() {
        return columns;
    }

    List<Constraint> constraints() {
        return constraints;
    }

    /** Reads up to the parenthesis that closes the one just taken, which is taken too. */
    void read() {
        do {
            if (tokens.sees("CONSTRAINT")) {
                constraint();
            } else {
                refuseKeys("");
                columns.add(column());
            }
        } while (tokens.takeIf(","));
        tokens.expect(")");
    }

    private void constraint() {
        SourcePosition position = tokens.position();
        tokens.expect("CONSTRAINT");
        String name = Texts.name(tokens.takeName().getText());
        refuseKeys("CONSTRAINT ... ");
        tokens.expect("EXPECT", "(");
        Slice condition = tokens.takeUntilClosed();
        constraints.add(new Constraint(name, condition, onViolation(), position));
    }

    private void refuseKeys(String before) {
        for (String word : List.of("PRIMARY", "FOREIGN", "UNIQUE")) {
            if (tokens.sees(word, "KEY") || tokens.sees(word, "(")) {
                String what = word + (word.equals("UNIQUE") ? "" : " KEY");
                throw tokens.unsupported(before + what, NO_KEYS);
            }
        }
        if (tokens.sees("CHECK", "(")) {
            throw tokens.unsupported(before + "CHECK", NO_CHECK);
        }
    }

    private OnViolation onViolation() {
        if (!tokens.takeIf("ON", "VIOLATION")) {
            return OnViolation.WARN;
        }
        if (tokens.takeIf("DROP", "ROW")) {
            return OnViolation.DROP_ROW;
        }
        if (tokens.takeIf("FAIL", "UPDATE")) {
            return OnViolation.FAIL_UPDATE;
        }
        if (tokens.takeIf("QUARANTINE")) {
            return OnViolation.QUARANTINE;
        }
        throw tokens.syntax(
                tokens.position(),
                "ON VIOLATION is followed by what becomes of the row.",
                "Write DROP ROW, FAIL UPDATE or QUARANTINE.");
    }

    private DeclaredColumn column() {
        Named name = tokens.takeNamed();
        Slice type = tokens.takeUntil(AFTER_TYPE);
        Optional<DataType> dataType = type.tokens().isEmpty()
                ? Optional.empty()
                : Optional.of(types.read(tokens.grammar().dataType(type)));
        String comment = "";
        boolean required = false;
        Clauses clauses = new Clauses(tokens);
        while (!tokens.sees(",") && !tokens.sees(")")) {
            if (clauses.takeIf("COMMENT")) {
                comment = tokens.takeString();
            } else if (clauses.takeIf("NOT", "NULL")) {
                required = true;
            } else if (tokens.sees("CONSTRAINT")) {
                constraint();
            } else {
                throw otherThanThat();
            }
        }
        return new DeclaredColumn(name.name(), dataType, required, comment, name.position());
    }

    private TarnException otherThanThat() {
        refuseKeys("");
        String word = tokens.peek().getText().toUpperCase(Locale.ROOT);
        return switch (word) {
            case "MASK" ->
                tokens.unsupported("MASK", "Leave the column out of the table: who may read the lake reads all of it.");
            case "GENERATED", "DEFAULT" ->
                tokens.unsupported(word + " at a column", "Compute the column in the query, and leave it out here.");
            case "COLLATE" ->
                tokens.unsupported("COLLATE at a column", "Leave it out: texts are compared letter by letter.");
            case "REFERENCES" -> tokens.unsupported("REFERENCES at a column", NO_KEYS);
            default -> tokens.unexpected();
        };
    }
}
