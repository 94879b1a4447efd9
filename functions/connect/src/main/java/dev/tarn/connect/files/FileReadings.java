package dev.tarn.connect.files;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.FileDrop;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How files of a drop's format are read. */
final class FileReadings {

    private final FileDrop drop;
    private final CsvReadings csv;

    FileReadings(FileDrop drop) {
        this.drop = drop;
        this.csv = drop.format() == FileDrop.Format.EXCEL ? CsvReadings.ofSheets(drop) : CsvReadings.of(drop);
    }

    /** What looks through the texts of a drop while they are taken; null where nothing has to. */
    static @Nullable CsvScan scan(FileDrop drop) {
        return switch (drop.format()) {
            case CSV -> new CsvScan(drop.options(), true);
            case NDJSON -> new CsvScan(JsonReadings.LINES, false);
            case EXCEL -> new CsvScan(SheetCsv.options(drop), false);
            case JSON, PARQUET -> null;
        };
    }

    /** As people call it. */
    String format() {
        return switch (drop.format()) {
            case PARQUET -> "Parquet";
            case EXCEL -> "a sheet of Excel";
            case CSV, JSON, NDJSON -> drop.format().name();
        };
    }

    /** Whether files have records, of which some can be kept aside. */
    boolean hasRecords() {
        return drop.format() != FileDrop.Format.JSON && drop.format() != FileDrop.Format.PARQUET;
    }

    /** Why the file cannot be read, before anybody tries. */
    Optional<UnreadableFileException> flaw(TakenFile file, FileColumns columns) {
        return drop.format() == FileDrop.Format.CSV || drop.format() == FileDrop.Format.EXCEL
                ? csv.flaw(file, columns)
                : Optional.empty();
    }

    /** A line of a file that is none of its format. */
    record Broken(String local, String line, String reason) {}

    /** The lines of a reading that are left out of it. */
    List<Broken> broken(Session session, FileReading reading) {
        if (drop.format() != FileDrop.Format.NDJSON) {
            return List.of();
        }
        // Another look at the files, which would note once more what is noted already.
        String lines = JsonReadings.broken(reading)
                .replace("rejects_table = '", "rejects_table = 'again_")
                .replace("rejects_scan = '", "rejects_scan = 'again_");
        return session.query(
                "SELECT " + FileReading.FILE + ", line, reason FROM " + lines,
                row -> new Broken(row.getString(1), row.getString(2), row.getString(3)));
    }

    /** The files that have something to read, those alike together. */
    List<FileReading> of(Session session, List<TakenFile> files, FileColumns columns) {
        if (files.isEmpty()) {
            return List.of();
        }
        return switch (drop.format()) {
            case CSV, EXCEL -> csv.of(files);
            case NDJSON -> new JsonReadings(session, drop, columns).lines(files);
            case JSON -> new JsonReadings(session, drop, columns).whole(files);
            case PARQUET -> ParquetReadings.of(session, files);
        };
    }
}
