package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.storage.Fault;
import java.nio.file.Path;
import java.util.List;

/** The process that is halted in its work: {@code workspace lake scenario kind nth moment}. */
public final class HaltingWork {

    private HaltingWork() {}

    /** The arguments after the workspace. */
    static List<String> arguments(String lake, CrashScenario scenario, CrashPoint point) {
        return List.of(
                lake,
                scenario.name(),
                point.kind(),
                Integer.toString(point.nth()),
                point.moment().name());
    }

    public static void main(String[] args) {
        CrashPoint point = new CrashPoint(args[3], Integer.parseInt(args[4]), Fault.Moment.valueOf(args[5]));
        try (DuckDb duckDb = Race.duckDb(Path.of(args[0]))) {
            CrashScenario.of(args[2]).work(point.on(Race.open(args[1]), Fault.Halt::new), duckDb);
        }
    }
}
