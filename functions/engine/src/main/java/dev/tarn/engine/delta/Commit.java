package dev.tarn.engine.delta;

/** What became of a commit. */
public sealed interface Commit {

    /** It is in the table as {@code version}. */
    record Committed(long version) implements Commit {}

    /**
     * This update's number, or a later one of the same flow, was there before; nothing was written.
     *
     * @param version of the table in which that was seen
     */
    record AlreadyCommitted(long version) implements Commit {}

    /**
     * Another writer came first and this work no longer fits: the flow's progress, the table's schema, or the rows that
     * were to be replaced have changed. Nothing was written; plan anew from {@code version} or later.
     */
    record Overtaken(long version) implements Commit {}
}
