package dev.tarn.engine.flow;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.SqlFailedException;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.Problem;

/** What a user is told of a query that DuckDB could not carry out. */
final class QueryFailure {

    private QueryFailure() {}

    static Problem problem(Flow flow, Budget budget, SqlFailedException failure) {
        String unchanged = "; " + flow.target() + " is as it was.";
        if (failure.isOutOfMemory()) {
            return new Problem(
                    ErrorCode.MEMORY_TOO_SMALL,
                    flow.position(),
                    "The query of " + flow.target() + " needs more than the "
                            + Budget.mebibytes(budget.duckdbMemoryBytes()) + " of memory and "
                            + Budget.mebibytes(budget.spillBytes()) + " of spill that DuckDB may use.",
                    "Let the process use more memory or disk, or let the query keep less at a time" + unchanged);
        }
        if (failure.isOutOfDisk()) {
            return new Problem(
                    ErrorCode.DISK_TOO_SMALL,
                    flow.position(),
                    "The disk for temporary files was full when " + flow.target() + " was being written.",
                    "Free some space, choose another folder for temporary files, or split the flow" + unchanged);
        }
        return new Problem(
                ErrorCode.UPDATE_FAILED,
                flow.position(),
                "The query of " + flow.target() + " failed on the rows it met: " + failure.kind() + ".",
                "Run again with --stacktrace to see the database's own words, which may show values" + unchanged);
    }
}
