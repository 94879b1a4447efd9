package dev.tarn.engine.duckdb;

import dev.tarn.model.TarnException;
import java.util.Optional;

/** Knows what some failures of a session's statements mean to a user. */
public interface FailureReader {

    /** The refusal to throw instead; empty when the failure means nothing to it. */
    Optional<TarnException> read(SqlFailedException failure);
}
