package dev.tarn.engine.flow;

import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import java.nio.file.Path;
import java.util.function.Supplier;

class LocalFaultSuiteTest extends FaultSuite {

    private int lakes;

    @Override
    Supplier<Storage> newLake() {
        Path lake = folder.resolve("lake-" + lakes++);
        return () -> new LocalStorage(lake);
    }

    @Override
    int few() {
        return 2;
    }
}
