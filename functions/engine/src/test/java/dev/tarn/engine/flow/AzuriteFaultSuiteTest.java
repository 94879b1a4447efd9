package dev.tarn.engine.flow;

import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.azure.AzuriteLake;
import java.io.IOException;
import java.util.function.Supplier;

class AzuriteFaultSuiteTest extends FaultSuite {

    @Override
    Supplier<Storage> newLake() throws IOException {
        return AzuriteLake.create();
    }

    @Override
    int few() {
        return 1;
    }
}
