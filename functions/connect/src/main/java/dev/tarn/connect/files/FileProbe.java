package dev.tarn.connect.files;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.SqlFailedException;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.TarnException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out which files keep a batch from being read: each is read alone. */
final class FileProbe {

    private final Lake lake;
    private final FileReadings readings;
    private final FileColumns columns;

    FileProbe(Lake lake, FileReadings readings, FileColumns columns) {
        this.lake = lake;
        this.readings = readings;
        this.columns = columns;
    }

    /** The files that cannot be read, and why. */
    Map<TakenFile, UnreadableFileException> flaws(List<TakenFile> files) {
        Map<TakenFile, UnreadableFileException> flaws = new LinkedHashMap<>();
        for (TakenFile file : files) {
            flaw(file).ifPresent(flaw -> flaws.put(file, flaw));
        }
        return flaws;
    }

    private Optional<UnreadableFileException> flaw(TakenFile file) {
        try (Session session = lake.duckDb().session()) {
            for (FileReading reading : readings.of(session, List.of(file), columns)) {
                long rows = session.query(
                                "SELECT count(hash(arrived)) FROM " + reading.from() + " AS arrived",
                                row -> row.getLong(1))
                        .get(0);
                long broken = readings.broken(session, reading).size();
                Optional<UnreadableFileException> miscount = miscount(session, file, rows + broken);
                if (miscount.isPresent()) {
                    return miscount;
                }
            }
            return Optional.empty();
        } catch (TarnException | IllegalArgumentException noColumns) {
            return Optional.of(new UnreadableFileException("it has columns that no table can have"));
        } catch (SqlFailedException failure) {
            if (failure.isOutOfMemory() || failure.isOutOfDisk()) {
                throw failure;
            }
            return Optional.of(new UnreadableFileException(
                    "DuckDB cannot read it as " + readings.format() + " (" + failure.kind() + ")"));
        }
    }

    private static Optional<UnreadableFileException> miscount(Session session, TakenFile file, long rows) {
        if (file.shape() == null) {
            return Optional.empty();
        }
        Rejected rejected = Rejected.of(session, 1);
        long records = file.shape().records();
        return rows + rejected.records() == records || rejected.quotes()
                ? Optional.empty()
                : Optional.of(new UnreadableFileException(
                        "it has " + records + " records, of which DuckDB finds " + (rows + rejected.records())));
    }

    /**
     * What DuckDB kept aside in a session.
     *
     * @param quotes whether quotes are wrong, so that nobody can tell where records end
     */
    record Rejected(long records, boolean quotes) {

        /** @param readings of CSV that ran in the session */
        static Rejected of(Session session, int readings) {
            long records = 0;
            boolean quotes = false;
            for (int number = 0; number < readings; number++) {
                Rejected some = session.query(
                                "SELECT count(DISTINCT (scan_id, file_id, line_byte_position)),"
                                        + " coalesce(bool_or(error_type = 'UNQUOTED VALUE'), false) FROM "
                                        + CsvReadings.rejects(number),
                                row -> new Rejected(row.getLong(1), row.getBoolean(2)))
                        .get(0);
                records += some.records();
                quotes |= some.quotes();
            }
            return new Rejected(records, quotes);
        }
    }
}
