package dev.tarn.engine.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RangesTest {

    private static final int END = 200;

    @Test
    void rangesThatTouchAreOne() {
        Ranges ranges = Ranges.of(0, 10);
        ranges.add(20, 30);
        ranges.add(10, 20);
        ranges.add(40, 40);

        assertThat(ranges).hasToString("{0=30}");
        assertThat(ranges.bytes()).isEqualTo(30);
    }

    @Test
    void smallGapsAreReadAlong() {
        Ranges ranges = Ranges.of(0, 10);
        ranges.add(13, 20);
        ranges.add(24, 30);

        assertThat(ranges.bridged(3)).hasToString("{0=20, 24=30}");
        assertThat(ranges.bridged(4)).hasToString("{0=30}");
    }

    @Test
    void longRangesComeInParts() {
        Ranges ranges = Ranges.of(5, 12);
        ranges.add(20, 24);

        assertThat(ranges.parts(4))
                .containsExactly(new Ranges.Range(5, 9), new Ranges.Range(9, 12), new Ranges.Range(20, 24));
    }

    @Test
    void aBlockThatTwoRangesShareCountsOnce() {
        Ranges ranges = Ranges.of(1, 2);
        assertThat(ranges.blocks()).isEqualTo(1);
        ranges.add(4095, 4096);
        assertThat(ranges.blocks()).isEqualTo(1);
        ranges.add(4096, 4097);
        assertThat(ranges.blocks()).isEqualTo(2);
        ranges.add(5 * 4096 - 1, 5 * 4096 + 1);
        assertThat(ranges.blocks()).isEqualTo(4);
        assertThat(new Ranges().blocks()).isZero();
    }

    @Test
    void unionAndDifferenceAreThoseOfTheirBytes() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int run = 0; run < 2_000; run++) {
            BitSet a = new BitSet();
            BitSet b = new BitSet();
            Ranges ranges = random(random, a);
            Ranges others = random(random, b);

            BitSet rest = (BitSet) a.clone();
            rest.andNot(b);
            assertThat(ranges.without(others)).hasToString(text(rest));
            assertThat(ranges.without(others).bytes()).isEqualTo(rest.cardinality());
            a.or(b);
            assertThat(ranges.with(others)).hasToString(text(a));
        }
    }

    private static Ranges random(Random random, BitSet bytes) {
        Ranges ranges = new Ranges();
        for (int range = random.nextInt(8); range > 0; range--) {
            int from = random.nextInt(END);
            int to = from + random.nextInt(END - from);
            ranges.add(from, to);
            bytes.set(from, to);
        }
        return ranges;
    }

    private static String text(BitSet bytes) {
        Ranges ranges = new Ranges();
        for (int from = bytes.nextSetBit(0); from >= 0; from = bytes.nextSetBit(bytes.nextClearBit(from))) {
            ranges.add(from, bytes.nextClearBit(from));
        }
        return ranges.toString();
    }
}
