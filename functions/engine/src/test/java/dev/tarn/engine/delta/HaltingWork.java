package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.storage.Fault;
import java.nio.file.Path;

/** The process that is halted in its work: {@code lake workspace scenario kind nth moment}. */
public final class HaltingWork {

    private HaltingWork() {}

    public static void main(String[] args) {
        CrashPoint point = new CrashPoint(args[3], Integer.parseInt(args[4]), Fault.Moment.valueOf(args[5]));
        try (DuckDb duckDb = Race.duckDb(Path.of(args[1]))) {
            CrashScenario.of(args[2]).work(point.on(Race.open(args[0]), Fault.Halt::new), duckDb);
        }
    }
}
