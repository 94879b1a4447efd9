package dev.tarn.connect.files;

import dev.tarn.engine.budget.Budget;

/**
 * How much is landed with one commit.
 *
 * @param files at most
 * @param bytes after which no further file is taken
 * @param room bytes of the workspace that copies of files may take
 */
record BatchSize(int files, long bytes, long room) {

    private static final int USUAL_FILES = 10_000;
    private static final long USUAL_BYTES = 512L << 20;

    static BatchSize of(Budget budget) {
        return new BatchSize(USUAL_FILES, USUAL_BYTES, budget.writingBytes() / 4 * 3);
    }
}
