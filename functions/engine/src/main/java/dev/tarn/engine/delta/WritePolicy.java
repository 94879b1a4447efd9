package dev.tarn.engine.delta;

import static java.util.Objects.requireNonNull;

/**
 * How changes are written where there is more than one right way.
 *
 * @param copyBelowBytes files smaller than that, in bytes, are copied without the rows that leave them; larger ones may get a
 *     deletion vector. A vector costs every later read, a copy costs once
 * @param copyAboveShare files that lose a larger share of their rows are copied, too
 * @param replaceAboveShare a view of which a larger share changed is written anew, whole
 * @param retries while other writers come first
 */
record WritePolicy(long copyBelowBytes, double copyAboveShare, double replaceAboveShare, Retries retries) {

    /** In few bytes there can be many rows, all of which a copy has to go through. */
    private static final long COPY_BELOW_ROWS = 1_000_000;

    WritePolicy {
        requireNonNull(retries, "retries");
    }

    /** By what was measured: a vector pays in files of some megabytes of which little changes. */
    static WritePolicy usual() {
        return new WritePolicy(8L << 20, 0.1, 0.2, Retries.usual(Pause.real()));
    }

    /**
     * Whether a file is copied rather than given a deletion vector.
     *
     * @param size of the file, in bytes
     * @param deleted rows that are hidden in it or leave it
     * @param physical all rows that it holds
     */
    boolean copies(long size, long deleted, long physical) {
        return (size < copyBelowBytes && physical < COPY_BELOW_ROWS) || deleted > physical * copyAboveShare;
    }
}
