package dev.tarn.compiler.statement;

import dev.tarn.compiler.statement.FlowStatement.Insertion;
import dev.tarn.compiler.statement.FlowStatement.Work;
import dev.tarn.model.SourcePosition;

/** Reads what fills a table. */
final class FlowReader {

    private static final String BY_NAME =
            "Write BY NAME before the query: its columns are matched to those of the table by their names.";
    private static final String REPLACED =
            "Replace rows by their keys, with AUTO CDC INTO, or all of them, with a materialized view.";

    private final TokenCursor tokens;
    private final Surroundings surroundings;

    FlowReader(TokenCursor tokens, Surroundings surroundings) {
        this.tokens = tokens;
        this.surroundings = surroundings;
    }

    /** Behind CREATE FLOW. */
    FlowStatement named(SourcePosition start) {
        Named name = tokens.takeNamed();
        if (tokens.takeIf("COMMENT")) {
            tokens.takeString();
        }
        tokens.expect("AS");
        if (tokens.takeIf("AUTO", "CDC") || tokens.takeIf("APPLY", "CHANGES")) {
            return changes(name.name(), start);
        }
        tokens.expect("INSERT");
        return insertion(name.name(), start);
    }

    /** Behind APPLY CHANGES or AUTO CDC. */
    FlowStatement changes(String name, SourcePosition start) {
        boolean once = tokens.takeIf("ONCE");
        tokens.expect("INTO");
        once |= takeOnce();
        QualifiedName target = tokens.takeQualifiedName();
        Work work = new ChangesReader(tokens, target.written(), once).read();
        return new FlowStatement(name, target, work, surroundings, start);
    }

    /** Behind INSERT. */
    FlowStatement insertion(String name, SourcePosition start) {
        if (tokens.sees("OVERWRITE")) {
            throw tokens.unsupported("INSERT OVERWRITE", REPLACED);
        }
        boolean once = tokens.takeIf("ONCE");
        tokens.expect("INTO");
        if (tokens.sees("SINK") && !tokens.sees("SINK", "BY", "NAME") && !tokens.sees("SINK", ".")) {
            throw tokens.unsupported("INSERT INTO SINK", "Publish a gold table with a file of sinks/.");
        }
        once |= takeOnce();
        QualifiedName target = tokens.takeQualifiedName();
        refuseReplace();
        if (!tokens.takeIf("BY", "NAME")) {
            throw tokens.unsupported("INSERT INTO without BY NAME", BY_NAME);
        }
        refuseReplace();
        return new FlowStatement(name, target, new Insertion(tokens.takeStatement(), once, true), surroundings, start);
    }

    /** Behind FLOW in the statement of the table. */
    FlowStatement inline(QualifiedName target, SourcePosition start) {
        if (tokens.takeIf("AUTO", "CDC")) {
            Work work = new ChangesReader(tokens, target.written(), tokens.takeIf("ONCE")).read();
            return new FlowStatement("", target, work, surroundings, start);
        }
        refuseReplace();
        tokens.expect("INSERT");
        boolean once = tokens.takeIf("ONCE");
        refuseReplace();
        if (!tokens.takeIf("BY", "NAME")) {
            throw tokens.unsupported("FLOW INSERT without BY NAME", BY_NAME);
        }
        refuseReplace();
        return new FlowStatement("", target, new Insertion(tokens.takeStatement(), once, true), surroundings, start);
    }

    /** Documents have ONCE on either side of INTO. A table may be named so, too. */
    private boolean takeOnce() {
        return !tokens.sees("ONCE", "BY")
                && !tokens.sees("ONCE", ".")
                && !tokens.sees("ONCE", "FROM")
                && tokens.takeIf("ONCE");
    }

    private void refuseReplace() {
        for (String word : new String[] {"WHERE", "USING"}) {
            if (tokens.sees("REPLACE", word)) {
                throw tokens.unsupported("REPLACE " + word, REPLACED);
            }
        }
    }
}
