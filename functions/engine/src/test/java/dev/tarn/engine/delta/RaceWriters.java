package dev.tarn.engine.delta;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.storage.ForwardingStorage;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The writers of a {@link Race} that are in one process.
 *
 * @param first number of the first of them
 */
public record RaceWriters(Race race, int first, int number) {

    /** The arguments: lake, folder, seed, operations, first writer, number of writers. */
    public static void main(String[] args) throws Exception {
        int first = Integer.parseInt(args[4]);
        int number = Integer.parseInt(args[5]);
        Race race =
                new Race(args[0], Path.of(args[1]), Long.parseLong(args[2]), first + number, Integer.parseInt(args[3]));
        new RaceWriters(race, first, number).run();
    }

    void run() throws Exception {
        List<Callable<Boolean>> work = new ArrayList<>();
        try (DuckDb duckDb = Race.duckDb(race.folder().resolve("workspace-" + first))) {
            for (int writer = first; writer < first + number; writer++) {
                int mine = writer;
                work.add(() -> write(duckDb, mine));
            }
            ExecutorService threads = Executors.newFixedThreadPool(number);
            try {
                for (Future<Boolean> writer : threads.invokeAll(work)) {
                    writer.get();
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    /** Every other writer prefers deletion vectors. */
    private boolean write(DuckDb duckDb, int writer) throws IOException {
        WritePolicy policy = writer % 2 == 0 ? WritePolicy.usual() : new WritePolicy(0, 0.7, 0.5, 20, Pause.real());
        DeltaTable table = new DeltaTables(new ForwardingStorage(race.open()), duckDb, Clock.systemUTC(), policy)
                .table(Race.TABLE);
        try (Session session = duckDb.session();
                PrintStream told = new PrintStream(Files.newOutputStream(race.told(writer), CREATE, WRITE), true)) {
            for (int number = 0; number < race.operations(); number++) {
                TableOperation operation = Race.operation(race.seed(), writer, number);
                Commit commit = insist(operation, table, session, DeltaFixture.request("writer " + writer, number));
                if (commit instanceof Commit.Committed committed && operation.isCommit()) {
                    told.println(number + " " + committed.version());
                }
            }
        }
        return true;
    }

    /** However often others come first. */
    private static Commit insist(TableOperation operation, DeltaTable table, Session session, CommitRequest request) {
        while (true) {
            try {
                return operation.run(table, session, request);
            } catch (TarnException e) {
                if (e.code() != ErrorCode.COMMIT_CONFLICT) {
                    throw e;
                }
            }
        }
    }
}
