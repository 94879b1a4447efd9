package dev.tarn.engine.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Stretches of a file. They do not overlap; two that touch are one. */
final class Ranges {

    /** Bytes of a block, as file systems give them out. */
    static final int BLOCK = 4096;

    private final NavigableMap<Long, Long> endByStart = new TreeMap<>();

    /** Bytes from {@code from} up to and without {@code to}. */
    record Range(long from, long to) {
        int length() {
            return Math.toIntExact(to - from);
        }
    }

    static Ranges of(long from, long to) {
        Ranges ranges = new Ranges();
        ranges.add(from, to);
        return ranges;
    }

    void add(long from, long to) {
        if (from >= to) {
            return;
        }
        long first = from;
        long last = to;
        Map.Entry<Long, Long> near = endByStart.floorEntry(to);
        while (near != null && near.getValue() >= from) {
            first = Math.min(first, near.getKey());
            last = Math.max(last, near.getValue());
            endByStart.remove(near.getKey());
            near = endByStart.floorEntry(to);
        }
        endByStart.put(first, last);
    }

    void addAll(Ranges others) {
        others.endByStart.forEach(this::add);
    }

    /** These and the others. */
    Ranges with(Ranges others) {
        Ranges all = new Ranges();
        all.addAll(this);
        all.addAll(others);
        return all;
    }

    /** What is in these and not in the others. */
    Ranges without(Ranges others) {
        Ranges rest = new Ranges();
        endByStart.forEach((from, to) -> {
            long next = from;
            Long before = others.endByStart.floorKey(from);
            for (Map.Entry<Long, Long> other :
                    others.endByStart.subMap(before == null ? from : before, to).entrySet()) {
                rest.add(next, Math.min(other.getKey(), to));
                next = Math.max(next, other.getValue());
            }
            rest.add(next, to);
        });
        return rest;
    }

    /** These and the gaps between them that are not longer than {@code longest} bytes. */
    Ranges bridged(long longest) {
        Ranges bridged = new Ranges();
        Long end = null;
        for (Map.Entry<Long, Long> range : endByStart.entrySet()) {
            boolean near = end != null && range.getKey() - end <= longest;
            bridged.add(near ? end : range.getKey(), range.getValue());
            end = range.getValue();
        }
        return bridged;
    }

    /** The ranges in their order, none longer than {@code longest} bytes. */
    List<Range> parts(int longest) {
        List<Range> parts = new ArrayList<>();
        endByStart.forEach((from, to) -> {
            for (long at = from; at < to; at += longest) {
                parts.add(new Range(at, Math.min(at + longest, to)));
            }
        });
        return parts;
    }

    boolean isEmpty() {
        return endByStart.isEmpty();
    }

    long bytes() {
        return endByStart.entrySet().stream()
                .mapToLong(range -> range.getValue() - range.getKey())
                .sum();
    }

    /** Disk that a sparse file with these ranges takes, in blocks. */
    long blocks() {
        long blocks = 0;
        long next = 0;
        for (Map.Entry<Long, Long> range : endByStart.entrySet()) {
            long first = Math.max(next, range.getKey() / BLOCK);
            next = (range.getValue() + BLOCK - 1) / BLOCK;
            blocks += Math.max(0, next - first);
        }
        return blocks;
    }

    @Override
    public String toString() {
        return endByStart.toString();
    }
}
