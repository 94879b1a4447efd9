package dev.tarn.connect.status;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.connect.event.Passage;
import dev.tarn.connect.status.TableStatus.State;

/** A lake's status for programs. Times are UTC (ISO 8601), lags are seconds. */
public final class StatusJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private StatusJson() {}

    public static ObjectNode of(LakeStatus status) {
        ObjectNode document = JSON.createObjectNode()
                .put("project", status.project())
                .put("lake", status.lake())
                .put("at", status.at().toString());
        ArrayNode tables = document.putArray("tables");
        status.tables().forEach(table -> add(tables.addObject(), table, status));
        Passage canary = status.events();
        if (canary != null) {
            ObjectNode events = document.putObject("events")
                    .put("sent", canary.sent().toString())
                    .put("through", canary.isThrough());
            if (canary.isThrough()) {
                events.put("seconds", canary.took(status.at()).toMillis() / 1000.0);
            } else {
                events.put("waitsIn", canary.waitsIn().folder());
            }
        }
        return document;
    }

    private static void add(ObjectNode node, TableStatus table, LakeStatus status) {
        node.put("table", table.name());
        table.version().ifPresent(version -> node.put("version", version));
        table.newest().ifPresent(time -> node.put("newest", time.toString()));
        table.lag(status.at()).ifPresent(lag -> node.put("lag", lag.toSeconds()));
        table.rows().ifPresent(rows -> node.put("rows", rows));
        State state = table.state();
        if (state instanceof State.Failed failed) {
            node.put("state", "failed").put("code", failed.code()).put("update", failed.update());
            node.put("what", failed.what()).put("mend", failed.mend());
            if (failed.setAside() > 0) {
                node.put("setAsideAfter", failed.setAside());
            }
        } else if (state instanceof State.Waits waits) {
            node.put("state", "waits").put("for", waits.on());
        } else {
            node.put("state", state.toString());
        }
    }
}
