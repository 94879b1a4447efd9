package dev.tarn.connect.files;

import java.util.List;
import java.util.Set;

/**
 * What a CSV file is like.
 *
 * @param first fields of its first record: the header, if it has one
 * @param before empty lines before its first record
 * @param records how many there are, without the header
 */
record CsvShape(List<String> first, Set<CsvScan.LineEnd> lineEnds, int before, long records) {
    CsvShape {
        first = List.copyOf(first);
        lineEnds = Set.copyOf(lineEnds);
    }
}
