package dev.tarn.engine.delta;

/** What a streaming read makes of a commit that updates or deletes rows of its source. */
public enum ChangeCommits {
    /** It ends there: what is new can no longer be told from what was there. */
    REFUSE,
    /** It leaves the commit out, with the rows that it adds: Spark's {@code skipChangeCommits}. */
    SKIP
}
