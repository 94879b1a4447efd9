package dev.tarn.engine.flow;

import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.azure.AzuriteLake;
import java.io.IOException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;

@Tag("full")
class AzuriteEventSimulationTest extends EventSimulation {

    @Override
    Supplier<Storage> newLake() throws IOException {
        return AzuriteLake.create();
    }
}
