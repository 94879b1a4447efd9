package dev.tarn.engine.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.lake.LakeJson;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Expectation;
import dev.tarn.model.TableName;
import dev.tarn.model.UpdateId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UpdateEventsTest {

    private static final Pipeline PIPELINE = new Pipeline("0e000000-0000-4000-8000-000000000000", "finance");
    private static final UpdateRecord.Failure FAILURE =
            new UpdateRecord.Failure(ErrorCode.EXPECTATION_FAILED, "positive failed for 1 of 10 rows.", "Mend them.");

    private static UpdateRecord update(UpdateRecord.Kind kind, UpdateStats stats) {
        return new UpdateRecord(
                UpdateId.parse("019aaaaa-0000-7000-8000-000000000001"),
                kind,
                "orders_flow",
                TableName.parse("silver.orders"),
                0,
                true,
                Instant.parse("2026-11-22T10:00:00Z"),
                stats,
                null);
    }

    private static UpdateStats stats(Duration took) {
        return new UpdateStats(
                12,
                9,
                1,
                0,
                List.of(
                        new ExpectationCount("order_changes", "known", Expectation.OnViolation.WARN, 12, 0),
                        new ExpectationCount("silver.orders", "positive", Expectation.OnViolation.DROP_ROW, 9, 1)),
                took);
    }

    private static List<ObjectNode> rows(UpdateRecord update) {
        return new UpdateEvents(update)
                .all().stream().map(event -> row(event.line(update, PIPELINE))).toList();
    }

    private static ObjectNode row(String line) {
        try {
            ObjectNode row = (ObjectNode) LakeJson.MAPPER.readTree(line);
            row.set("details", LakeJson.MAPPER.readTree(row.path("details").textValue()));
            return row;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> details(UpdateRecord update) {
        return rows(update).stream()
                .map(row -> ((ObjectNode) row.path("details"))
                        .without(List.of("tarn"))
                        .toString())
                .toList();
    }

    @Test
    void aViewThatWasComputedAnewIsToldInLakeflowsForm() {
        UpdateRecord update = update(
                        UpdateRecord.Kind.UPDATE, stats(Duration.ofMillis(250)).writing(2_048))
                .recomputedFrom(List.of(new SourceRead(TableName.parse("bronze.orders"), "b0", 7, 40, 3, 5_120)));

        assertThat(details(update))
                .containsExactly(
                        "{\"create_update\":{\"update_id\":\"019aaaaa-0000-7000-8000-000000000001\","
                                + "\"creation_time\":1795341600000,\"validate_only\":false,\"explore_only\":false}}",
                        "{\"update_progress\":{\"state\":\"RUNNING\"}}",
                        "{\"planning_information\":{\"technique_information\":[{\"maintenance_type\":"
                                + "\"MAINTENANCE_TYPE_COMPLETE_RECOMPUTE\",\"is_chosen\":true,\"is_applicable\":true}],"
                                + "\"source_table_information\":[{\"table_name\":\"bronze.orders\",\"table_id\":\"b0\","
                                + "\"full_size\":5120,\"num_rows\":40,\"num_files\":3}],"
                                + "\"target_table_information\":{\"table_name\":\"silver.orders\"}}}",
                        "{\"flow_progress\":{\"status\":\"RUNNING\"}}",
                        "{\"flow_progress\":{\"status\":\"COMPLETED\",\"metrics\":{\"num_output_rows\":9,"
                                + "\"num_output_bytes\":2048},\"data_quality\":{\"dropped_records\":1,\"expectations\":["
                                + "{\"name\":\"known\",\"dataset\":\"order_changes\",\"passed_records\":12,\"failed_records\":0},"
                                + "{\"name\":\"positive\",\"dataset\":\"silver.orders\",\"passed_records\":9,"
                                + "\"failed_records\":1}]}}}",
                        "{\"update_progress\":{\"state\":\"COMPLETED\"}}");
    }

    @Test
    void theWholeRecordIsInTheEventThatHasTheIdOfTheUpdate() {
        UpdateRecord update = update(UpdateRecord.Kind.UPDATE, stats(Duration.ofMillis(250)));

        List<ObjectNode> rows = rows(update);

        assertThat(rows).extracting(row -> row.path("id").textValue()).doesNotHaveDuplicates();
        assertThat(rows).allSatisfy(row -> assertThat(
                        UUID.fromString(row.path("id").textValue()).version())
                .isEqualTo(7));
        assertThat(rows)
                .filteredOn(row -> row.path("id").textValue().equals(update.id().toString()))
                .singleElement()
                .satisfies(row -> assertThat(
                                UpdateRecordJson.readDetails(row.path("details").toString()))
                        .isEqualTo(update));
        assertThat(rows).filteredOn(row -> row.path("details").has("tarn")).hasSize(1);
        assertThat(rows(update)).isEqualTo(rows);
    }

    @Test
    void anUpdateThatFailsIsToldWithItsErrorAndItsCounts() {
        List<ObjectNode> rows = rows(
                update(UpdateRecord.Kind.UPDATE, stats(Duration.ofMillis(250))).failed(FAILURE));

        JsonNode flow = rows.get(3);
        assertThat(flow.path("level").textValue()).isEqualTo("ERROR");
        assertThat(flow.path("message").textValue()).isEqualTo("orders_flow failed: positive failed for 1 of 10 rows.");
        assertThat(flow.path("error").toString())
                .isEqualTo("{\"fatal\":true,\"exceptions\":[{\"class_name\":\"EXPECTATION_FAILED\","
                        + "\"message\":\"positive failed for 1 of 10 rows. Mend them.\"}]}");
        JsonNode progress = flow.path("details").path("flow_progress");
        assertThat(progress.path("status").textValue()).isEqualTo("FAILED");
        assertThat(progress.path("metrics")).isEmpty();
        assertThat(progress.path("data_quality").path("expectations")).hasSize(2);
        assertThat(rows.get(4).path("details").toString()).isEqualTo("{\"update_progress\":{\"state\":\"FAILED\"}}");
        assertThat(rows).filteredOn(row -> row.has("error")).hasSize(1);
    }

    @Test
    void aMergeTellsOfRowsUpsertedAndDeletedAndNotOfRowsWritten() {
        UpdateRecord update =
                update(UpdateRecord.Kind.UPDATE, stats(Duration.ofMillis(250)).merging(9, 0));

        JsonNode flow = rows(update).get(3);

        assertThat(flow.path("details").path("flow_progress").path("metrics").toString())
                .isEqualTo("{\"num_upserted_rows\":9,\"num_deleted_rows\":0,\"num_output_bytes\":0}");
        assertThat(flow.path("message").textValue()).isEqualTo("orders_flow: 9 rows upserted, 0 deleted, 1 dropped");
    }

    @Test
    void theOriginIsThePipelineTheFlowAndTheTable() {
        UpdateRecord update = update(UpdateRecord.Kind.UPDATE, stats(Duration.ZERO));

        assertThat(rows(update))
                .extracting(row -> row.path("origin").toString())
                .containsOnly(
                        "{\"pipeline_id\":\"0e000000-0000-4000-8000-000000000000\",\"pipeline_type\":\"WORKSPACE\","
                                + "\"pipeline_name\":\"finance\",\"update_id\":\"019aaaaa-0000-7000-8000-000000000001\","
                                + "\"flow_id\":\"" + PIPELINE.flowId("orders_flow")
                                + "\",\"flow_name\":\"orders_flow\","
                                + "\"table_name\":\"orders\",\"schema_name\":\"silver\",\"dataset_name\":\"silver.orders\"}");
    }

    @Test
    void aPublicationHasASinkAndNoDataset() {
        JsonNode origin = rows(update(UpdateRecord.Kind.PUBLISH, stats(Duration.ZERO)))
                .get(0)
                .path("origin");

        assertThat(origin.path("sink_name").textValue()).isEqualTo("orders_flow");
        assertThat(origin.has("dataset_name")).isFalse();
    }

    @Test
    void theEndIsLaterThanTheBeginningWhateverTheClockSays() {
        assertThat(rows(update(UpdateRecord.Kind.UPDATE, stats(Duration.ofMillis(-3)))))
                .extracting(row -> row.path("timestamp").textValue())
                .containsExactly(
                        "2026-11-22T10:00:00Z",
                        "2026-11-22T10:00:00Z",
                        "2026-11-22T10:00:00Z",
                        "2026-11-22T10:00:00.000001Z",
                        "2026-11-22T10:00:00.000001Z");
    }
}
