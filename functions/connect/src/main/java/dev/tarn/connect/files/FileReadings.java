package dev.tarn.connect.files;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.FileDrop;
import java.util.List;
import java.util.Optional;

/** How files of a drop's format are read. */
final class FileReadings {

    private final FileDrop drop;
    private final CsvReadings csv;

    FileReadings(FileDrop drop) {
        this.drop = drop;
        this.csv = new CsvReadings(drop);
    }

    /** As people call it. */
    String format() {
        return drop.format() == FileDrop.Format.PARQUET ? "Parquet" : drop.format().name();
    }

    boolean isCsv() {
        return drop.format() == FileDrop.Format.CSV;
    }

    /** Why the file cannot be read, before anybody tries. */
    Optional<UnreadableFileException> flaw(TakenFile file, FileColumns columns) {
        return isCsv() ? csv.flaw(file, columns) : Optional.empty();
    }

    /** The files that have something to read, those alike together. */
    List<FileReading> of(Session session, List<TakenFile> files) {
        return csv.of(files);
    }
}
