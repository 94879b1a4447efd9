package dev.tarn.connect.extract;

import dev.tarn.model.DeleteCheck;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalLong;

/**
 * How many rows may be gone from a table without anybody being asked.
 *
 * @param share of the table's rows, 0 to 1
 * @param accepted as many as somebody has accepted; -1 when nobody was asked
 */
public record DeleteLimit(BigDecimal share, long accepted) {

    /** Deletes that are never held: a share of a small table is less than one row. */
    private static final long NEVER_HELD = 20;

    private static final long NOBODY_ASKED = -1;

    /** @param accepted so many deletes are meant; empty when nobody was asked */
    public static DeleteLimit of(DeleteCheck check, OptionalLong accepted) {
        return new DeleteLimit(check.stopAbove(), accepted.orElse(NOBODY_ASKED));
    }

    /** Whether so many deletes of a table with so many rows need nobody's word. */
    public boolean allows(long deletes, long rows) {
        if (accepted != NOBODY_ASKED) {
            return deletes <= accepted;
        }
        long most = share.multiply(BigDecimal.valueOf(rows))
                .setScale(0, RoundingMode.DOWN)
                .longValueExact();
        return deletes <= Math.max(NEVER_HELD, most);
    }
}
