package dev.tarn.connect.trigger;

import java.util.function.BooleanSupplier;

/** Asks whether it is enough, and remembers that it was: whoever heard that has most likely left something. */
final class Stopping implements BooleanSupplier {

    private final BooleanSupplier enough;
    private volatile boolean stopped;

    Stopping(BooleanSupplier enough) {
        this.enough = enough;
    }

    @Override
    public boolean getAsBoolean() {
        if (enough.getAsBoolean()) {
            stopped = true;
        }
        return stopped;
    }

    boolean hasStopped() {
        return stopped;
    }
}
