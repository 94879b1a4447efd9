package dev.tarn.connect.postgres;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;

/** Numbers as PostgreSQL sends them: big-endian; a numeric as digits of base 10,000. */
final class Wire {

    /** Of a numeric: count of digits, weight of the first, sign, digits to show; two bytes each. */
    private static final int NUMERIC_HEADER = 8;

    private static final int NEGATIVE = 0x4000;
    private static final int NOT_A_NUMBER = 0xC000;
    private static final int PLUS_INFINITY = 0xD000;
    private static final int BASE = 10_000;
    private static final int HUNDRED = 100;
    private static final int MILLION = 1_000_000;
    private static final int DIGITS_PER_GROUP = 4;
    /** Groups that fit a long. */
    private static final int LONG_GROUPS = 4;

    private Wire() {}

    static int int2(byte[] bytes, int at) {
        return (short) ((bytes[at] << 8) | (bytes[at + 1] & 0xff));
    }

    static int int4(byte[] bytes, int at) {
        return (bytes[at] << 24)
                | ((bytes[at + 1] & 0xff) << 16)
                | ((bytes[at + 2] & 0xff) << 8)
                | (bytes[at + 3] & 0xff);
    }

    static long int8(byte[] bytes, int at) {
        return ((long) int4(bytes, at) << 32) | (int4(bytes, at + 4) & 0xffff_ffffL);
    }

    /**
     * A transaction id in 64 bits: the last one below {@code next} that ends in these 32 bits, which is the id itself unless
     * the row is more than 2^32 transactions old.
     */
    static long xid(byte[] bytes, int at, long next) {
        long low = int4(bytes, at) & 0xffff_ffffL;
        long id = (next & ~0xffff_ffffL) | low;
        return id < next || id < 1L << 32 ? id : id - (1L << 32);
    }

    /** The exact value; empty for NaN and the infinities. */
    static Optional<BigDecimal> numeric(byte[] bytes, int at) {
        int groups = int2(bytes, at);
        int weight = int2(bytes, at + 2);
        int sign = int2(bytes, at + 4) & 0xffff;
        if (sign != 0 && sign != NEGATIVE) {
            return Optional.empty();
        }
        int scale = DIGITS_PER_GROUP * (groups - 1 - weight);
        int first = at + NUMERIC_HEADER;
        if (groups <= LONG_GROUPS) {
            long value = unscaled(bytes, first, groups);
            return Optional.of(BigDecimal.valueOf(sign == NEGATIVE ? -value : value, groups == 0 ? 0 : scale));
        }
        BigInteger value = BigInteger.ZERO;
        for (int done = 0; done < groups; done += LONG_GROUPS) {
            int now = Math.min(LONG_GROUPS, groups - done);
            value = value.multiply(BigInteger.valueOf(BASE).pow(now))
                    .add(BigInteger.valueOf(unscaled(bytes, first + 2 * done, now)));
        }
        return Optional.of(new BigDecimal(sign == NEGATIVE ? value.negate() : value, scale));
    }

    /** The exact value in millionths; {@link Long#MIN_VALUE} when there is none in 18 digits. */
    static long millionths(byte[] bytes, int at) {
        int groups = int2(bytes, at);
        int weight = int2(bytes, at + 2);
        int sign = int2(bytes, at + 4) & 0xffff;
        if (sign != 0 && sign != NEGATIVE || groups > 0 && (weight > 2 || groups - 1 - weight > 2)) {
            return Long.MIN_VALUE;
        }
        long value = 0;
        int first = at + NUMERIC_HEADER;
        for (int group = 0; group <= weight; group++) {
            value = value * BASE + (group < groups ? int2(bytes, first + 2 * group) : 0);
        }
        int behind = group(bytes, first, groups, weight + 1);
        int further = group(bytes, first, groups, weight + 2);
        if (further % HUNDRED != 0) {
            return Long.MIN_VALUE;
        }
        value = value * MILLION + behind * (long) HUNDRED + further / HUNDRED;
        return sign == NEGATIVE ? -value : value;
    }

    private static int group(byte[] bytes, int first, int groups, int group) {
        return group >= 0 && group < groups ? int2(bytes, first + 2 * group) : 0;
    }

    private static long unscaled(byte[] bytes, int at, int groups) {
        long value = 0;
        for (int i = 0; i < groups; i++) {
            value = value * BASE + int2(bytes, at + 2 * i);
        }
        return value;
    }

    /** A numeric as PostgreSQL would print it. */
    static String numericText(byte[] bytes, int at) {
        int sign = int2(bytes, at + 4) & 0xffff;
        if (sign == NOT_A_NUMBER) {
            return "NaN";
        }
        int shownDigits = int2(bytes, at + 6);
        return numeric(bytes, at)
                .map(value ->
                        value.setScale(shownDigits, RoundingMode.UNNECESSARY).toPlainString())
                .orElse(sign == PLUS_INFINITY ? "Infinity" : "-Infinity");
    }
}
