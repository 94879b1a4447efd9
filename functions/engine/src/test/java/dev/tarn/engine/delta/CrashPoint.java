package dev.tarn.engine.delta;

import dev.tarn.engine.storage.Fault;
import dev.tarn.engine.storage.Faults;
import dev.tarn.engine.storage.FaultyStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StorageCall.Operation;
import java.util.function.Function;

/**
 * Where something goes wrong: before or after the {@code nth} call, from 0, of its kind, which is the operation and the path
 * without what differs from run to run.
 */
record CrashPoint(String kind, int nth, Fault.Moment moment) {

    /** Whether the call changes the lake. */
    boolean isChange() {
        return Operation.valueOf(kind.split(" ")[0]).isChange();
    }

    /** The storage on which it goes wrong there. */
    FaultyStorage on(Storage storage, Function<Fault.Moment, Fault> fault) {
        return new FaultyStorage(
                storage, Faults.nth(nth, call -> call.toString().equals(kind), fault.apply(moment)));
    }
}
