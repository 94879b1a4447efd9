package dev.tarn.connect.odoo.api;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far a pass over a model has come.
 *
 * @param part what is read next
 * @param second where it goes on; null for the beginning of all time
 * @param id records up to this one have been read, where they are read by id
 * @param end the pass ends before this second
 */
record PagePlace(Part part, @Nullable Instant second, long id, Instant end) {

    enum Part {
        /** Records of the while before {@code second} that are there only now, by their dates. */
        LATE,
        /** Records without a date, by id. */
        UNDATED,
        /** Records by date. */
        BY_DATE,
        /** Records of one second, by id. */
        WITHIN_SECOND,
        DONE
    }

    /** The beginning of a pass over what was written in {@code [from, end)}, and over what has no date. */
    static PagePlace start(@Nullable Instant from, Instant end) {
        return new PagePlace(from == null ? Part.UNDATED : Part.LATE, from, 0, end);
    }

    boolean isDone() {
        return part == Part.DONE;
    }

    PagePlace undated() {
        return new PagePlace(Part.UNDATED, second, 0, end);
    }

    PagePlace after(long readId) {
        return new PagePlace(part, second, readId, end);
    }

    PagePlace byDate(@Nullable Instant from) {
        boolean left = from == null || from.isBefore(end);
        return new PagePlace(left ? Part.BY_DATE : Part.DONE, from, 0, end);
    }

    PagePlace within(Instant of) {
        return new PagePlace(Part.WITHIN_SECOND, of, 0, end);
    }

    PagePlace done() {
        return new PagePlace(Part.DONE, second, 0, end);
    }
}
