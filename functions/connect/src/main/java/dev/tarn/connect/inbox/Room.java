package dev.tarn.connect.inbox;

import java.util.concurrent.atomic.AtomicLong;

/** Memory for requests that are being received: what does not fit is refused before it is read. */
final class Room {

    private final long bytes;
    private final AtomicLong taken = new AtomicLong();

    Room(long bytes) {
        this.bytes = bytes;
    }

    /** Takes so much, or nothing and answers false. */
    boolean take(long wanted) {
        long before = taken.get();
        while (before + wanted <= bytes) {
            if (taken.compareAndSet(before, before + wanted)) {
                return true;
            }
            before = taken.get();
        }
        return false;
    }

    void giveBack(long given) {
        taken.addAndGet(-given);
    }

    long taken() {
        return taken.get();
    }
}
