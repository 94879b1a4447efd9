package dev.tarn.engine.delta;

import java.util.List;

/**
 * What a vacuum has deleted, or would.
 *
 * @param files relative to the table's folder
 * @param bytes of them together
 * @param inUse files that could go, and stay because this process reads or writes them
 * @param dryRun whether they are all still there
 */
public record VacuumReport(List<String> files, long bytes, int inUse, boolean dryRun) {

    public VacuumReport {
        files = List.copyOf(files);
    }
}
