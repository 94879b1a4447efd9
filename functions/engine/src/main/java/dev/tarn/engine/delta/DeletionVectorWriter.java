package dev.tarn.engine.delta;

import dev.tarn.engine.kernel.KernelEngine;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.deletionvectors.Base85Codec;
import io.delta.kernel.internal.deletionvectors.DeletionVectorUtils;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.CRC32;
import org.roaringbitmap.RoaringBitmap;

/** Writes the deletion vectors of one commit into one file (PROTOCOL.md, "Deletion Vector Format"). */
final class DeletionVectorWriter {

    private static final int FORMAT_VERSION = 1;

    /** Of a bitmap of 64-bit numbers in the portable format. */
    private static final int MAGIC = 1681511377;

    private final DeltaTables lake;
    private final TableLocation table;
    private final UUID id = UUID.randomUUID();
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();

    DeletionVectorWriter(DeltaTables lake, TableLocation table) {
        this.lake = lake;
        this.table = table;
        content.write(FORMAT_VERSION);
    }

    /** The rows that the file's deletion vector hides; none without one. */
    static long[] deleted(DeltaTables lake, TableLocation table, AddFile file) {
        return file.getDeletionVector()
                .map(vector -> DeletionVectorUtils.loadNewDvAndBitmap(
                                lake.engine(), KernelEngine.kernelPath(table.path()), vector)
                        ._2
                        .toArray())
                .orElse(new long[0]);
    }

    /** A vector of the rows that {@code file} has lost so far and of {@code positions}. Part of the table's folder after {@link #put}. */
    DeletionVectorDescriptor add(AddFile file, List<Long> positions) {
        Map<Integer, RoaringBitmap> bitmaps = new TreeMap<>();
        for (long position : deleted(lake, table, file)) {
            set(bitmaps, position);
        }
        positions.forEach(position -> set(bitmaps, position));
        byte[] data = serialize(bitmaps);
        DeletionVectorDescriptor vector = new DeletionVectorDescriptor(
                DeletionVectorDescriptor.UUID_DV_MARKER,
                Base85Codec.encodeUUID(id),
                Optional.of(content.size()),
                data.length,
                bitmaps.values().stream()
                        .mapToLong(RoaringBitmap::getLongCardinality)
                        .sum());
        append(data);
        return vector;
    }

    private static void set(Map<Integer, RoaringBitmap> bitmaps, long position) {
        bitmaps.computeIfAbsent((int) (position >>> Integer.SIZE), high -> new RoaringBitmap())
                .add((int) position);
    }

    private static byte[] serialize(Map<Integer, RoaringBitmap> bitmaps) {
        int size = Integer.BYTES + Long.BYTES;
        for (RoaringBitmap bitmap : bitmaps.values()) {
            bitmap.runOptimize();
            size += Integer.BYTES + bitmap.serializedSizeInBytes();
        }
        ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(MAGIC).putLong(bitmaps.size());
        bitmaps.forEach((high, bitmap) -> {
            buffer.putInt(high);
            bitmap.serialize(buffer);
        });
        return buffer.array();
    }

    private void append(byte[] data) {
        CRC32 checksum = new CRC32();
        checksum.update(data);
        try (DataOutputStream out = new DataOutputStream(content)) {
            out.writeInt(data.length);
            out.write(data);
            out.writeInt((int) checksum.getValue());
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory", e);
        }
    }

    /** Path of the file, relative to the table's folder. */
    String path() {
        return "deletion_vector_" + id + ".bin";
    }

    void put() {
        try {
            lake.storage().put(table.path() + "/" + path(), content.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("deletion vectors of " + table + " cannot be written", e);
        }
    }
}
