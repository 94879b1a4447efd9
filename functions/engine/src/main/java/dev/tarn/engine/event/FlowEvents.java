package dev.tarn.engine.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.event.Event.Level;
import dev.tarn.engine.event.Event.Type;
import dev.tarn.model.Column;
import dev.tarn.model.Effect;
import dev.tarn.model.Expectation;
import dev.tarn.model.Flow;
import dev.tarn.model.JudgedView;
import dev.tarn.model.Plan;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** What Lakeflow's event log tells of a flow and of the table it fills, when it runs so defined for the first time. */
final class FlowEvents {

    private final Plan plan;
    private final Flow flow;
    private final Instant time;

    private FlowEvents(Plan plan, Flow flow, Instant time) {
        this.plan = plan;
        this.flow = flow;
        this.time = time;
    }

    /**
     * The events, in their order.
     *
     * @param plan that has the flow with that hash
     * @param time when the flow ran first
     */
    static List<Event> of(Plan plan, String flowId, String hash, Instant time) {
        return plan.flow(flowId, hash)
                .map(flow -> new FlowEvents(plan, flow, time).all())
                .orElseThrow();
    }

    /** Id of the event that defines the flow so; whoever finds it knows that all of this was told. */
    static String id(String flow, String hash) {
        return id(Type.FLOW_DEFINITION, flow, hash);
    }

    private static String id(Type type, String flow, String hash) {
        return UUID.nameUUIDFromBytes((type + " " + flow + " " + hash).getBytes(UTF_8))
                .toString();
    }

    private List<Event> all() {
        return List.of(
                event(
                        UpdateEvents.FLOW_DEFINED,
                        Type.FLOW_DEFINITION,
                        "Flow '" + flow.id() + "' defined as " + flowType() + ".",
                        definition()),
                event(
                        UpdateEvents.DATASET_DEFINED,
                        Type.DATASET_DEFINITION,
                        "Dataset '" + flow.target() + "' defined as "
                                + flow.dataset().kind() + ".",
                        dataset()));
    }

    private Event event(int number, Type type, String message, ObjectNode says) {
        ObjectNode details = Event.object();
        details.set(type.toString(), says);
        return new Event(id(type, flow.id(), flow.hash()), type, number, time, Level.INFO, message, details, null);
    }

    private String flowType() {
        Effect effect = flow.effect();
        if (effect instanceof Effect.AutoCdc changes) {
            return changes.snapshots() ? "SNAPSHOT_CHANGE" : "CHANGE";
        }
        return effect instanceof Effect.Replace ? "MATERIALIZED_VIEW" : "APPEND";
    }

    private ObjectNode definition() {
        ObjectNode definition =
                Event.object().put("output_dataset", flow.target().toString());
        ArrayNode inputs = definition.putArray("input_datasets");
        flow.inputs().forEach(input -> inputs.add(input.table().toString()));
        definition.put("flow_type", flowType());
        ArrayNode schema = definition.putArray("schema");
        for (Column column : flow.schema().columns()) {
            schema.addObject()
                    .put("name", column.name())
                    .put("data_type", column.type().toString());
        }
        return definition
                .put("schema_json", SparkSchema.struct(flow.schema().columns()).toString())
                .put("comment", flow.dataset().comment())
                .put("language", "SQL")
                .put("once", flow.effect().once());
    }

    /** With what all flows of the table read, which Lakeflow leaves to be gathered from the flows. */
    private ObjectNode dataset() {
        List<Flow> filling = plan.flows().stream()
                .filter(other -> other.target().equals(flow.target()))
                .toList();
        ObjectNode dataset =
                Event.object().put("dataset_type", flow.dataset().kind().name()).put("num_flows", filling.size());
        ArrayNode rules = dataset.putArray("expectations");
        flow.expectations().forEach(rule -> add(rules, flow.target().toString(), rule));
        for (JudgedView view : flow.views()) {
            view.expectations().forEach(rule -> add(rules, view.name(), rule));
        }
        ArrayNode inputs = dataset.putArray("input_datasets");
        filling.stream()
                .flatMap(other -> other.inputs().stream())
                .map(input -> input.table().toString())
                .distinct()
                .forEach(inputs::add);
        return dataset;
    }

    private static void add(ArrayNode rules, String of, Expectation rule) {
        rules.addObject()
                .put("name", rule.name())
                .put("dataset", of)
                .put("constraint", rule.condition())
                .put("action", rule.onViolation().name());
    }
}
