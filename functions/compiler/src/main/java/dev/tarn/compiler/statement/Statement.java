package dev.tarn.compiler.statement;

import dev.tarn.model.SourcePosition;

/** A statement that says what shall be, its queries and conditions not yet understood. */
public sealed interface Statement permits TableStatement, ViewStatement, FlowStatement {

    Surroundings surroundings();

    /** Where it begins. */
    SourcePosition position();
}
