package dev.tarn.engine.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.engine.lake.LakeJson;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Expectation;
import dev.tarn.model.TableName;
import dev.tarn.model.UpdateId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UpdateRecordJsonTest {

    private static final TableName TABLE = TableName.parse("silver.orders");
    private static final Instant STARTED = Instant.parse("2026-11-22T10:00:00Z");

    /** Everything that a record can hold. */
    private static final UpdateRecord FULL = new UpdateRecord(
                    UpdateId.parse("019aaaaa-0000-7000-8000-000000000002"),
                    UpdateRecord.Kind.UPDATE,
                    "orders_current",
                    TABLE,
                    6,
                    true,
                    STARTED,
                    new UpdateStats(
                                    12,
                                    10,
                                    1,
                                    4_711,
                                    List.of(new ExpectationCount(
                                            "order_changes", "positive", Expectation.OnViolation.DROP_ROW, 11, 1)),
                                    Duration.ofMillis(250))
                            .merging(9, 2)
                            .writing(2_048),
                    null)
            .definedBy("0123456789abcdef")
            .recomputedFrom(List.of(new SourceRead(
                    TableName.parse("bronze.orders"), "b0000000-0000-4000-8000-000000000000", 12, 40, 3, 5_120)))
            .committedAs(7)
            .failed(new UpdateRecord.Failure(ErrorCode.EXPECTATION_FAILED, "It failed.", "Mend it."));

    @Test
    void theFormOfVersionTwoHoldsAllThatARecordCanHold() throws IOException {
        byte[] stored = stored("event-v2.json");

        assertThat(UpdateRecordJson.read(stored)).isEqualTo(FULL);
        assertThat(LakeJson.MAPPER.readTree(UpdateRecordJson.write(FULL))).isEqualTo(LakeJson.MAPPER.readTree(stored));
    }

    @Test
    void theRecordOfVersionOneIsStillReadAndItsRulesAreThoseOfTheTable() throws IOException {
        assertThat(UpdateRecordJson.read(stored("event-v1.json")))
                .isEqualTo(new UpdateRecord(
                        UpdateId.parse("019aaaaa-0000-7000-8000-000000000001"),
                        UpdateRecord.Kind.UPDATE,
                        "silver.orders",
                        TABLE,
                        0,
                        true,
                        STARTED,
                        new UpdateStats(
                                12,
                                9,
                                1,
                                0,
                                List.of(new ExpectationCount(
                                        "silver.orders", "positive", Expectation.OnViolation.DROP_ROW, 9, 1)),
                                Duration.ofMillis(250)),
                        null));
    }

    @Test
    void whatIsNotKnownIsLeftOut() {
        UpdateRecord plain = new UpdateRecord(
                FULL.id(),
                FULL.kind(),
                FULL.flow(),
                TABLE,
                -1,
                true,
                STARTED,
                new UpdateStats(1, 1, 0, 0, List.of(), Duration.ZERO),
                null);

        byte[] json = UpdateRecordJson.write(plain);

        assertThat(new String(json, UTF_8)).doesNotContain("null", "definition", "merged", "\"version\"", "failure");
        assertThat(UpdateRecordJson.read(json)).isEqualTo(plain);
    }

    @Test
    void aNewerRecordIsRefused() {
        assertThatThrownBy(() -> UpdateRecordJson.read("{\"v\":3}".getBytes(UTF_8)))
                .hasMessage(
                        "LAKE_FORMAT_NEWER  An event record of the lake has version 3; this version of Tarn knows up "
                                + "to 2.\n    Use the newer Tarn that wrote it.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "{}", "{\"v\":1}", "{\"v\":2}", "{\"v\":2,\"id\":\"no id\"}"})
    void aDamagedRecordIsRefused(String json) {
        assertThatThrownBy(() -> UpdateRecordJson.read(json.getBytes(UTF_8)))
                .hasMessage("LAKE_DAMAGED  An event record of the lake cannot be read.\n"
                        + "    Move the unreadable file out of tarn/events; the tables do not depend on it.");
    }

    private static byte[] stored(String name) throws IOException {
        try (InputStream stored = UpdateRecordJsonTest.class.getResourceAsStream("/formats/" + name)) {
            return stored.readAllBytes();
        }
    }
}
