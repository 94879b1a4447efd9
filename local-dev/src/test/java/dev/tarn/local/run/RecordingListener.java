package dev.tarn.local.run;

import java.util.List;
import java.util.function.Supplier;

/** Keeps the steps it hears of; a mistake of Tarn fails the thread that meets it. */
record RecordingListener(List<Step> steps) implements UpListener {

    @Override
    public <T> T during(String what, Supplier<T> work) {
        return work.get();
    }

    @Override
    public void opened(Overview overview) {}

    @Override
    public void step(Step step) {
        steps.add(step);
    }

    @Override
    public void settled(Settlement settlement) {}

    @Override
    public void mistake(String name, RuntimeException mistake) {
        throw mistake;
    }
}
