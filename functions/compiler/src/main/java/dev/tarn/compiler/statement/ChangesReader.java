package dev.tarn.compiler.statement;

import dev.tarn.compiler.grammar.SparkGrammar.Slice;
import dev.tarn.compiler.statement.FlowStatement.Changes;
import dev.tarn.model.Effect.ScdType;
import dev.tarn.model.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.Token;

/** Reads AUTO CDC from FROM on; its clauses may come in any order. */
final class ChangesReader {

    /** Clauses that Lakeflow has and Tarn has not: their words, and what to do instead. */
    private static final List<List<String>> OTHERS = List.of(
            List.of("SYSTEM SEQUENCE BY", "Leave it out: tables keep one history, that of SEQUENCE BY."),
            List.of("STORED AS BITEMPORAL", "Write STORED AS SCD TYPE 2."),
            List.of("COLUMNS TO UPDATE", "Write IGNORE NULL UPDATES, with ON and the columns where that is not all."),
            List.of("WITH VERSION", "Leave it out: each update takes the rows as they are then."));

    private final TokenCursor tokens;
    private final String target;
    private final boolean once;
    private final Clauses clauses;
    private final SourcePosition start;

    private List<Named> keys = List.of();
    private Optional<Slice> sequence = Optional.empty();
    private Optional<Slice> deleteWhen = Optional.empty();
    private Optional<Slice> truncateWhen = Optional.empty();
    private ColumnChoice columns = ColumnChoice.all();
    private Optional<ColumnChoice> ignoreNulls = Optional.empty();
    private Optional<ColumnChoice> tracked = Optional.empty();
    private ScdType type = ScdType.TYPE_1;

    /** {@code target}: as the user named it, for messages. */
    ChangesReader(TokenCursor tokens, String target, boolean once) {
        this.tokens = tokens;
        this.target = target;
        this.once = once;
        this.clauses = new Clauses(tokens);
        this.start = tokens.position();
    }

    Changes read() {
        Token from = tokens.peek();
        tokens.expect("FROM");
        boolean snapshots = tokens.takeIf("SNAPSHOT");
        Slice source = tokens.grammar().everythingFrom(from, tokens.takeUntil(this::seesClause));
        SourcePosition trackedPosition = start;
        SourcePosition truncatePosition = start;
        while (!tokens.atEndOfStatement()) {
            trackedPosition = tokens.sees("TRACK") ? tokens.position() : trackedPosition;
            truncatePosition = tokens.sees("APPLY", "AS", "TRUNCATE") ? tokens.position() : truncatePosition;
            refuseOthers();
            refuseWithSnapshots(snapshots);
            clause();
        }
        require(!keys.isEmpty(), "KEYS", "Write KEYS (column, ...): the columns that tell rows apart.");
        require(
                snapshots || sequence.isPresent(),
                "SEQUENCE BY",
                "Write SEQUENCE BY and what orders the changes of a row; in bronze that is _seq.");
        if (tracked.isPresent() && type == ScdType.TYPE_1) {
            throw tokens.syntax(
                    trackedPosition,
                    "TRACK HISTORY without a history.",
                    "Write STORED AS SCD TYPE 2, or leave it out.");
        }
        if (truncateWhen.isPresent() && type == ScdType.TYPE_2) {
            throw tokens.unsupported(
                    truncatePosition,
                    "APPLY AS TRUNCATE WHEN with STORED AS SCD TYPE 2",
                    "Write STORED AS SCD TYPE 1, or delete row by row with APPLY AS DELETE WHEN.");
        }
        return new Changes(
                source, snapshots, once, keys, sequence, deleteWhen, truncateWhen, columns, ignoreNulls, type, tracked);
    }

    private void require(boolean there, String clause, String mend) {
        if (!there) {
            throw tokens.syntax(start, "The changes of " + target + " have no " + clause + ".", mend);
        }
    }

    private void clause() {
        if (clauses.takeIf("KEYS", "(")) {
            keys = tokens.takeNamesUntilClosed();
        } else if (clauses.takeIf("SEQUENCE", "BY")) {
            sequence = Optional.of(tokens.takeUntil(this::seesClause));
        } else if (clauses.takeIf("APPLY", "AS", "DELETE", "WHEN")) {
            deleteWhen = Optional.of(tokens.takeUntil(this::seesClause));
        } else if (clauses.takeIf("APPLY", "AS", "TRUNCATE", "WHEN")) {
            truncateWhen = Optional.of(tokens.takeUntil(this::seesClause));
        } else if (clauses.takeIf("COLUMNS")) {
            columns = choice();
        } else if (clauses.takeIf("IGNORE", "NULL", "UPDATES")) {
            ignoreNulls = Optional.of(tokens.takeIf("ON") ? choice() : ColumnChoice.all());
        } else if (clauses.takeIf("STORED", "AS")) {
            type = scdType();
        } else if (clauses.takeIf("TRACK", "HISTORY", "ON")) {
            tracked = Optional.of(choice());
        } else {
            throw tokens.unexpected();
        }
    }

    private ScdType scdType() {
        tokens.expect("SCD", "TYPE");
        if (tokens.takeIf("1")) {
            return ScdType.TYPE_1;
        }
        if (tokens.takeIf("2")) {
            return ScdType.TYPE_2;
        }
        throw tokens.unexpected();
    }

    /** {@code (a, b)}, {@code a, b}, {@code *} or {@code * EXCEPT (a, b)}. */
    private ColumnChoice choice() {
        if (tokens.takeIf("*")) {
            return tokens.takeIf("EXCEPT", "(")
                    ? new ColumnChoice(true, tokens.takeNamesUntilClosed())
                    : ColumnChoice.all();
        }
        if (tokens.takeIf("(")) {
            return new ColumnChoice(false, tokens.takeNamesUntilClosed());
        }
        List<Named> names = new ArrayList<>();
        do {
            names.add(tokens.takeNamed());
        } while (tokens.takeIf(","));
        return new ColumnChoice(false, names);
    }

    private boolean seesClause() {
        return tokens.sees("KEYS", "(")
                || tokens.sees("IGNORE", "NULL")
                || tokens.sees("APPLY", "AS")
                || tokens.sees("SEQUENCE", "BY")
                || tokens.sees("COLUMNS")
                || tokens.sees("STORED", "AS")
                || tokens.sees("TRACK", "HISTORY")
                || tokens.sees("SYSTEM", "SEQUENCE")
                || tokens.sees("WITH", "VERSION");
    }

    private void refuseOthers() {
        for (List<String> other : OTHERS) {
            if (tokens.sees(other.get(0).split(" "))) {
                throw tokens.unsupported(other.get(0), other.get(1));
            }
        }
    }

    /** A snapshot has no changes of its own: what came, changed and went is told by comparing. */
    private void refuseWithSnapshots(boolean snapshots) {
        if (snapshots) {
            for (String clause : List.of("SEQUENCE BY", "APPLY AS", "IGNORE NULL UPDATES")) {
                if (tokens.sees(clause.split(" "))) {
                    throw tokens.syntax(
                            tokens.position(),
                            clause + " does not go with FROM SNAPSHOT, whose rows are compared with those of before.",
                            "Leave it out, or read changes: FROM STREAM(table).");
                }
            }
        }
    }
}
