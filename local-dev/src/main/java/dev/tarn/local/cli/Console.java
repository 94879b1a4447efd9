package dev.tarn.local.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.model.Problem;
import dev.tarn.model.SourcePosition;
import java.io.PrintStream;
import java.util.List;

/** Writes what a command has to say. Results and JSON go to standard output, problems for people to standard error. */
final class Console {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final PrintStream out;
    private final PrintStream err;
    private final Format format;

    Console(Surroundings surroundings, Format format) {
        this.out = surroundings.out();
        this.err = surroundings.err();
        this.format = format;
    }

    boolean isJson() {
        return format == Format.JSON;
    }

    void line(String text) {
        out.println(text);
    }

    void errorLine(String text) {
        err.println(text);
    }

    /** One JSON document on one line. */
    void json(ObjectNode document) {
        try {
            out.println(JSON.writeValueAsString(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain nodes can always be written", e);
        }
    }

    static ObjectNode object() {
        return JSON.createObjectNode();
    }

    void problems(List<Problem> problems) {
        if (isJson()) {
            json(asJson(problems));
        } else {
            problems.forEach(problem -> err.println(problem));
        }
    }

    /** A mistake of Tarn itself. Its message may hold anything, a row or an address among it: only its kind is shown. */
    void mistake(String where, RuntimeException mistake, boolean stacktrace) {
        err.println(
                where + " failed in a way it should not: " + mistake.getClass().getSimpleName() + ".");
        err.println(
                "    This is a mistake in Tarn. Run the command again with --stacktrace and report what it prints.");
        if (stacktrace) {
            mistake.printStackTrace(err);
        }
    }

    static ObjectNode asJson(List<Problem> problems) {
        ObjectNode document = object();
        ArrayNode list = document.putArray("problems");
        for (Problem problem : problems) {
            ObjectNode node = list.addObject().put("code", problem.code().name());
            SourcePosition position = problem.position();
            if (position != null) {
                node.put("file", position.file()).put("line", position.line()).put("column", position.column());
            }
            node.put("what", problem.what()).put("mend", problem.mend());
        }
        return document;
    }
}
