package dev.tarn.compiler.statement;

import dev.tarn.model.DataType;
import dev.tarn.model.SourcePosition;
import java.util.Optional;

/**
 * A column of the column list.
 *
 * @param type empty when the query decides
 * @param required whether it is NOT NULL
 * @param comment empty when there is none
 */
public record DeclaredColumn(
        String name, Optional<DataType> type, boolean required, String comment, SourcePosition position) {}
