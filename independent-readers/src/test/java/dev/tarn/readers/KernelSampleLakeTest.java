package dev.tarn.readers;

/** The sample lake read by Delta Kernel's default engine. */
class KernelSampleLakeTest extends SampleLakeContract {

    @Override
    TableReader reader() {
        return new KernelReader();
    }
}
