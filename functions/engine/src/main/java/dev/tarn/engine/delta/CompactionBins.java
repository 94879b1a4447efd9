package dev.tarn.engine.delta;

import dev.tarn.model.Column;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.util.VectorUtils;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sorts the files of a table into those that stay and bins, each of which becomes one file. */
final class CompactionBins {

    private final TableSnapshot base;
    private final CompactionPolicy policy;
    private final List<List<AddFile>> bins = new ArrayList<>();
    private final Map<Map<String, @Nullable String>, List<Candidate>> small = new LinkedHashMap<>();

    private record Candidate(AddFile file, FileBounds bounds, boolean worn) {

        /** As much as is left of the file when its deleted rows are gone. */
        long bytes() {
            long physical = bounds.physicalRecords().orElse(0L);
            long deleted = deleted(file);
            return deleted == 0 || physical == 0
                    ? file.getSize()
                    : (long) (file.getSize() * ((double) (physical - deleted) / physical));
        }
    }

    private CompactionBins(TableSnapshot base, CompactionPolicy policy) {
        this.base = base;
        this.policy = policy;
    }

    /** Files that are to be written as one, for each such file. */
    static List<List<AddFile>> of(TableSnapshot base, CompactionPolicy policy) {
        CompactionBins bins = new CompactionBins(base, policy);
        base.forEachFile(bins::look);
        bins.small.values().forEach(bins::pack);
        return bins.bins;
    }

    private static long deleted(AddFile file) {
        return file.getDeletionVector()
                .map(DeletionVectorDescriptor::getCardinality)
                .orElse(0L);
    }

    private void look(AddFile file) {
        FileBounds bounds = FileBounds.of(file);
        long deleted = deleted(file);
        boolean worn =
                deleted > 0 && policy.isWorn(deleted, bounds.physicalRecords().orElse(0L));
        if (policy.isSmall(file.getSize())) {
            Map<String, @Nullable String> partition = file.getPartitionValues().getSize() == 0
                    ? Map.of()
                    : VectorUtils.toJavaMap(file.getPartitionValues());
            small.computeIfAbsent(partition, absent -> new ArrayList<>()).add(new Candidate(file, bounds, worn));
        } else if (worn) {
            bins.add(List.of(file));
        }
    }

    /** Files of one partition: neighbours come together, so that what is found by its value still is in few files. */
    private void pack(List<Candidate> files) {
        List<Candidate> bin = new ArrayList<>();
        long bytes = 0;
        for (Candidate candidate : inOrder(files)) {
            if (bytes + candidate.bytes() > policy.targetBytes()) {
                close(bin);
                bin.clear();
                bytes = 0;
            }
            bin.add(candidate);
            bytes += candidate.bytes();
        }
        close(bin);
    }

    private void close(List<Candidate> bin) {
        if (bin.size() > 1 || bin.stream().anyMatch(Candidate::worn)) {
            bins.add(bin.stream().map(Candidate::file).toList());
        }
    }

    private List<Candidate> inOrder(List<Candidate> files) {
        Comparator<Candidate> byTime =
                Comparator.comparingLong(candidate -> candidate.file().getModificationTime());
        Map<Candidate, ColumnRange> ranges = firstRanges(files);
        return files.stream()
                .sorted(Comparator.<Candidate, @Nullable ColumnRange>comparing(
                                ranges::get, Comparator.nullsLast(ColumnRange::compareLow))
                        .thenComparing(byTime))
                .toList();
    }

    /** Between which values the files have the first column of which that is known. */
    private Map<Candidate, ColumnRange> firstRanges(List<Candidate> files) {
        Map<Candidate, ColumnRange> ranges = new IdentityHashMap<>();
        for (Column column : base.schema().columns()) {
            OrderedValues values = new OrderedValues(column.type());
            if (values.areOrdered() && !base.partitionBy().contains(column.name())) {
                for (Candidate candidate : files) {
                    Optional<ColumnRange> range = candidate.bounds().range(column.name(), values);
                    range.ifPresent(found -> ranges.put(candidate, found));
                }
            }
            if (!ranges.isEmpty()) {
                return ranges;
            }
        }
        return ranges;
    }
}
