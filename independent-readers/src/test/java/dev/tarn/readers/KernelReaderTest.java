package dev.tarn.readers;

/** Tables read by Delta Kernel's default engine. */
class KernelReaderTest extends ReaderContract {

    @Override
    TableReader reader() {
        return new KernelReader();
    }
}
