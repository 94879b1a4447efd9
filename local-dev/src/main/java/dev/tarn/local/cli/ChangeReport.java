package dev.tarn.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.flow.PipelineChange;
import dev.tarn.engine.flow.PlanChanges;
import dev.tarn.model.Flow;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** What a changed project means for its lake, for people and for programs. */
record ChangeReport(PlanChanges changes) {

    /** The part of it that is about these flows; what is gone from the project stays. */
    ChangeReport of(List<Flow> flows) {
        return new ChangeReport(new PlanChanges(
                changes.flows().stream()
                        .filter(change -> flows.contains(change.flow()))
                        .toList(),
                changes.removedTables(),
                changes.removedFlows()));
    }

    /** Whether there is something to do: for an update, or for --drop-removed. */
    boolean isChange() {
        return changes.flows().stream().anyMatch(PipelineChange::isChange)
                || !changes.removedTables().isEmpty();
    }

    /** What updates will refuse. */
    List<Problem> refusals() {
        return changes.flows().stream()
                .map(PipelineChange::refusal)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
    }

    /** A line for each flow that is not as it was, and for what is gone; none when all is as it was. */
    List<String> lines() {
        TextTable table = new TextTable("table", "change", "what happens");
        List<PipelineChange> told = changes.flows().stream()
                .filter(change -> change.kind() != PipelineChange.Kind.UNCHANGED)
                .toList();
        told.forEach(change -> table.add(change.flow().target().toString(), words(change.kind()), change.sentence()));
        changes.removedFlows()
                .forEach(flow -> table.add(
                        flow.table().toString(),
                        "flow gone",
                        "The flow " + flow.id() + " is no longer in the project; its rows stay."));
        changes.removedTables().forEach(gone -> table.add(gone.table().toString(), "not filled", sentence(gone)));
        boolean none = told.isEmpty()
                && changes.removedFlows().isEmpty()
                && changes.removedTables().isEmpty();
        return none ? List.of() : table.lines();
    }

    /** The tables that nobody fills any longer. */
    List<TableName> removed() {
        return changes.removedTables().stream()
                .map(PlanChanges.RemovedTable::table)
                .toList();
    }

    /** A line for each of them. */
    List<String> removedLines() {
        TextTable table = new TextTable("table", "rows", "");
        changes.removedTables()
                .forEach(gone -> table.add(
                        gone.table().toString(),
                        Long.toString(gone.rows()),
                        gone.renamed() == null ? "" : "renamed to " + gone.renamed() + "?"));
        return new ArrayList<>(table.lines());
    }

    private static String sentence(PlanChanges.RemovedTable gone) {
        return "No flow fills it any longer"
                + (gone.renamed() == null ? "." : "; was it renamed to " + gone.renamed() + "?")
                + " It stays until tarn update --drop-removed --yes.";
    }

    private static String words(PipelineChange.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    void addTo(ObjectNode document) {
        ArrayNode flows = document.putArray("changes");
        changes.flows().forEach(change -> flows.addObject()
                .put("flow", change.flow().id())
                .put("table", change.flow().target().toString())
                .put("change", change.kind().name())
                .put("says", change.sentence()));
        ArrayNode gone = document.putArray("removedFlows");
        changes.removedFlows().forEach(flow -> gone.addObject()
                .put("flow", flow.id())
                .put("table", flow.table().toString()));
        addRemovedTo(document);
    }

    void addRemovedTo(ObjectNode document) {
        ArrayNode tables = document.putArray("removedTables");
        changes.removedTables().forEach(table -> tables.addObject()
                .put("table", table.table().toString())
                .put("rows", table.rows())
                .put("renamed", Objects.toString(table.renamed(), null)));
    }
}
