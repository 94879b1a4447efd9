package dev.tarn.engine.kernel;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.engine.ExpressionHandler;
import io.delta.kernel.expressions.Expression;
import io.delta.kernel.expressions.ExpressionEvaluator;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.expressions.PredicateEvaluator;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.StructType;
import java.util.Arrays;

/** Kernel's expressions as far as a scan without a filter needs them: DuckDB does the filtering. */
final class ConstantExpressions implements ExpressionHandler {

    @Override
    public ExpressionEvaluator getEvaluator(StructType input, Expression expression, DataType output) {
        if (!(expression instanceof Literal literal)) {
            throw new UnsupportedOperationException("only constants are evaluated, not " + expression);
        }
        return new ExpressionEvaluator() {
            @Override
            public ColumnVector eval(ColumnarBatch batch) {
                Object[] values = new Object[batch.getSize()];
                Arrays.fill(values, literal.getValue());
                return new HeapVector(output, values);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public PredicateEvaluator getPredicateEvaluator(StructType input, Predicate predicate) {
        throw new UnsupportedOperationException("scans take no filter, but got " + predicate);
    }

    @Override
    public ColumnVector createSelectionVector(boolean[] values, int from, int to) {
        return FlatVector.booleans(new boolean[to - from], Arrays.copyOfRange(values, from, to));
    }
}
