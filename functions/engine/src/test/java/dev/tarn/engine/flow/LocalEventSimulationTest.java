package dev.tarn.engine.flow;

import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import java.util.function.Supplier;

class LocalEventSimulationTest extends EventSimulation {

    @Override
    Supplier<Storage> newLake() {
        return () -> new LocalStorage(folder.resolve("lake"));
    }
}
