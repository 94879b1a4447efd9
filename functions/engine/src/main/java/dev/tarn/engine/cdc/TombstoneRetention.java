package dev.tarn.engine.cdc;

import dev.tarn.model.Dataset;
import java.time.Duration;

/**
 * How long deletes are remembered, so that a change which comes after them and is older does not bring the row back.
 *
 * @param duration from when the delete came
 */
public record TombstoneRetention(Duration duration) {

    /** Property of the table, in seconds, as Lakeflow has it. */
    public static final String PROPERTY = "pipelines.cdc.tombstoneGCThresholdInSeconds";

    private static final Duration USUAL = Duration.ofDays(2);

    /** The table's own, or two days. */
    static TombstoneRetention of(Dataset dataset) {
        String seconds = dataset.properties().get(PROPERTY);
        return new TombstoneRetention(seconds == null ? USUAL : Duration.ofSeconds(Long.parseLong(seconds)));
    }
}
