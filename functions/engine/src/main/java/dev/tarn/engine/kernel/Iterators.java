package dev.tarn.engine.kernel;

import io.delta.kernel.utils.CloseableIterator;
import java.util.Iterator;

/** Kernel's iterators over what is in memory. */
public final class Iterators {

    private Iterators() {}

    /** The elements in order; closing does nothing. */
    public static <T> CloseableIterator<T> of(Iterable<? extends T> elements) {
        Iterator<? extends T> iterator = elements.iterator();
        return new CloseableIterator<T>() {
            @Override
            public boolean hasNext() {
                return iterator.hasNext();
            }

            @Override
            public T next() {
                return iterator.next();
            }

            @Override
            public void close() {}
        };
    }
}
