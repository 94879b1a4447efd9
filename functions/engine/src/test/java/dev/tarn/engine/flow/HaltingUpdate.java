package dev.tarn.engine.flow;

import dev.tarn.engine.storage.Fault;
import dev.tarn.engine.storage.Faults;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.model.Flow;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/**
 * The process that is halted in an update: {@code workspace lake work point}. Point {@code 2n} is before call {@code n} of
 * those that change the lake, point {@code 2n + 1} after it.
 */
public final class HaltingUpdate {

    static final int NEVER = -1;

    /** What a process may be halted in. */
    enum Work {
        /** Changes come to a table that shows the newest of each key. */
        TYPE_1,
        /** Changes come to a table that shows all versions. */
        TYPE_2,
        /** A table of versions is made anew, of other columns. */
        REFRESH;

        /** Makes what is there before. */
        void prepare(ChangesLake lake) {
            lake.arrive("(1, 'a', 1, 'u', 1)", "(2, 'b', 1, 'u', 1)", "(3, 'c', 1, 'u', 1)");
            lake.run(this == TYPE_1 ? later() : ChangesLake.flow(ChangesLake.type2("name")));
            lake.arrive(
                    "(1, 'a', 2, 'u', 2)", "(2, NULL, NULL, 'd', 2)", "(4, 'd', 1, 'u', 2)", "(5, NULL, 0, 'd', 2)");
            if (this == REFRESH) {
                lake.run(ChangesLake.flow(ChangesLake.type2("name")));
            }
        }

        /** Done again, it changes nothing more. */
        void run(ChangesLake lake) {
            if (this == REFRESH) {
                lake.updates.refresh(later());
            } else {
                lake.run(later());
            }
        }

        /** Changes that come when all is done, some of them late: they show what is kept beside the table. */
        void goOn(ChangesLake lake) {
            lake.arrive(
                    "(1, 'late', 9, 'u', 1)", "(2, 'late', 9, 'u', 1)", "(3, 'c2', 1, 'u', 3)", "(5, 'e', 1, 'u', 1)");
            lake.run(later());
        }

        private Flow later() {
            return ChangesLake.flow(this == TYPE_1 ? ChangesLake.type1() : ChangesLake.type2("name", "amount"));
        }
    }

    private HaltingUpdate() {}

    /** The arguments after the workspace. */
    static List<String> arguments(Path lake, Work work, int point) {
        return List.of(lake.toString(), work.name(), Integer.toString(point));
    }

    public static void main(String[] args) {
        int point = Integer.parseInt(args[3]);
        Fault halt = new Fault.Halt(point % 2 == 0 ? Fault.Moment.BEFORE : Fault.Moment.AFTER);
        Storage storage = new FaultyStorage(
                new LocalStorage(Path.of(args[1])),
                Faults.nth(Math.floorDiv(point, 2), call -> call.operation().isChange(), halt));
        try (ChangesLake lake = new ChangesLake(storage, Path.of(args[0]), Clock.systemUTC())) {
            Work.valueOf(args[2]).run(lake);
        }
    }
}
