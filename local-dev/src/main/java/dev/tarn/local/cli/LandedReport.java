package dev.tarn.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.connect.bronze.Extracted;
import dev.tarn.local.run.SourceRun;

/** Says what tables got of their source. */
final class LandedReport {

    private LandedReport() {}

    /** Prints it; answers the exit code. */
    static int print(Console console, SourceRun.Ended ended) {
        if (console.isJson()) {
            console.json(json(ended));
        } else {
            table(console, ended);
            console.problems(ended.problems());
        }
        return ended.problems().isEmpty() ? 0 : ended.problems().get(0).code().exitCode();
    }

    private static void table(Console console, SourceRun.Ended ended) {
        TextTable table = new TextTable("table", "rows landed", "version");
        for (Extracted one : ended.landed()) {
            table.add(
                    one.table().toString(),
                    Long.toString(one.rows()),
                    one.version().isPresent() ? Long.toString(one.version().getAsLong()) : "");
        }
        table.lines().forEach(console::line);
        ended.landed().forEach(one -> one.remarks().forEach(console::line));
    }

    private static ObjectNode json(SourceRun.Ended ended) {
        ObjectNode document = Console.object();
        ArrayNode tables = document.putArray("tables");
        for (Extracted one : ended.landed()) {
            ObjectNode node =
                    tables.addObject().put("table", one.table().toString()).put("rows", one.rows());
            if (one.version().isPresent()) {
                node.put("version", one.version().getAsLong());
            } else {
                node.putNull("version");
            }
            one.remarks().forEach(node.putArray("remarks")::add);
        }
        document.setAll(Console.asJson(ended.problems()));
        return document;
    }
}
