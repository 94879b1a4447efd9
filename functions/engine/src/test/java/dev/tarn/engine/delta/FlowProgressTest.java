package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowProgressTest {

    private static final FlowProgress PROGRESS = new FlowProgress(
            "abc",
            List.of(
                    SourceProgress.ofTable(TableName.parse("bronze.account_move"), "table-1", 12),
                    SourceProgress.ofCursor("odoo", "{\"horizon\":\"42\"}")));
    private static final String STORED = "{\"v\":1,\"planHash\":\"abc\",\"sources\":["
            + "{\"source\":\"bronze.account_move\",\"tableId\":\"table-1\",\"version\":12},"
            + "{\"source\":\"odoo\",\"cursor\":\"{\\\"horizon\\\":\\\"42\\\"}\"}]}";

    /** The stored form is a contract: lakes out there hold it. */
    @Test
    void theFirstFormIsWrittenAndRead() {
        assertThat(PROGRESS.toJson()).isEqualTo(STORED);
        assertThat(FlowProgress.parse(STORED)).isEqualTo(PROGRESS);
        assertThat(PROGRESS.source("odoo")).contains(PROGRESS.sources().get(1));
        assertThat(PROGRESS.source("n8n")).isEmpty();
    }

    @Test
    void aFlowWithoutSourcesHasProgressToo() {
        FlowProgress none = new FlowProgress("abc", List.of());
        assertThat(FlowProgress.parse(none.toJson())).isEqualTo(none);
    }

    @Test
    void aNewerFormIsRefused() {
        assertThatThrownBy(() -> FlowProgress.parse("{\"v\":2,\"planHash\":\"abc\",\"somethingNew\":[]}"))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "LAKE_FORMAT_NEWER  The progress of a flow was written in form 2; this Tarn knows forms up to 1.\n"
                                + "    Use the Tarn that wrote it, or a newer one.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "not json", "[]", "{}", "{\"v\":1,\"planHash\":\"a\",\"sources\":[{\"source\":\"x\"}]}"})
    void anythingElseIsSaidToBeDamaged(String stored) {
        assertThatThrownBy(() -> FlowProgress.parse(stored))
                .isInstanceOf(TarnException.class)
                .hasMessage("LAKE_DAMAGED  The progress of a flow, kept in its target's log, cannot be read.\n"
                        + "    Refresh the target fully.");
    }
}
