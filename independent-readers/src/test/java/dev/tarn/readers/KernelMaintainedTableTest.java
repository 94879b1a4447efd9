package dev.tarn.readers;

class KernelMaintainedTableTest extends MaintainedTableContract {

    @Override
    TableReader reader() {
        return new KernelReader();
    }
}
