package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;

/** Something that is done to a table, and what its model says of it. Asks nothing of the table beforehand. */
interface TableOperation {

    /** Does it, however many others do something at the same time. */
    Commit run(DeltaTable table, Session session, CommitRequest request);

    /** Does the same to the model. */
    void apply(ModelTable model);

    /** Whether it is one commit of the flow that asked for it, rather than upkeep that changes no row. */
    default boolean isCommit() {
        return true;
    }

    /** One that is planned on a version. */
    interface Planned extends TableOperation {

        TableChange plan(DeltaTable table, Session session, TableSnapshot base);

        @Override
        default Commit run(DeltaTable table, Session session, CommitRequest request) {
            return table.run(request, base -> plan(table, session, base));
        }
    }
}
