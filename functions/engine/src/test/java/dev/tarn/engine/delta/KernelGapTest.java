package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.kernel.KernelEngine;
import io.delta.kernel.Operation;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.Transaction;
import io.delta.kernel.utils.CloseableIterable;
import org.junit.jupiter.api.Test;

/** What Kernel's own transactions miss, and {@link Winners} is there for. Once a test here fails, Kernel has mended it. */
class KernelGapTest extends DeltaFixture {

    private Transaction transaction(Snapshot snapshot, long number) {
        return snapshot.buildUpdateTableTransaction("test", Operation.MANUAL_UPDATE)
                .withTransactionId(FLOW, number)
                .build(tables.engine());
    }

    private long commit(Transaction transaction) {
        return transaction
                .commit(tables.engine(), CloseableIterable.emptyIterable())
                .getVersion();
    }

    @Test
    void kernelCommitsAnUpdateAlthoughALowerOneOfItsFlowCameFirst() {
        create("SELECT 1 AS id");
        Snapshot snapshot = TableManager.loadSnapshot(
                        KernelEngine.kernelPath(table.location().path()))
                .build(tables.engine());
        Transaction five = transaction(snapshot, 5);
        Transaction three = transaction(snapshot, 3);

        assertThat(commit(three)).isEqualTo(1);
        assertThat(commit(five)).isEqualTo(2);
    }

    @Test
    void tarnPlansSuchAnUpdateAnew() {
        TableSnapshot base = create("SELECT 1 AS id");
        TableChange five = table.append(session, base, "SELECT 5 AS id");
        table.commit(table.append(session, base, "SELECT 3 AS id"), request(3));

        assertThat(table.commit(five, request(5))).isEqualTo(new Commit.Overtaken(1));
    }
}
