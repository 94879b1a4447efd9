package dev.tarn.engine.delta;

/** What becomes of columns, and fields of structs, that a query yields and the table lacks. */
public enum NewColumns {
    /** The query is refused. */
    REFUSE,
    /** They are added to the table, at the end of their struct, and are NULL in the rows that it has. */
    ADD
}
