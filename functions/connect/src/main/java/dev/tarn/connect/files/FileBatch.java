package dev.tarn.connect.files;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.connect.bronze.Landing;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.SqlFailedException;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Problem;
import dev.tarn.model.Sql;
import dev.tarn.model.TarnException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lands files that were taken, in one commit. */
final class FileBatch {

    private static final String TAKEN = "taken";

    private final Lake lake;
    private final FileDrop drop;
    private final Session session;
    private final Landing landing;
    private final FileLedger ledger;
    private final Supplier<List<StoredFile>> versions;
    private final FileReadings readings;
    private final FileAside aside;
    private final long number;
    private List<TakenFile> files;
    private final boolean hadNewest;
    private final List<Problem> refused = new ArrayList<>();

    /** @param versions which of the drop's files are there, when that is asked */
    FileBatch(
            Lake lake,
            FileDrop drop,
            Session session,
            Landing landing,
            FileLedger ledger,
            List<TakenFile> files,
            Supplier<List<StoredFile>> versions) {
        this.lake = lake;
        this.drop = drop;
        this.session = session;
        this.landing = landing;
        this.ledger = ledger;
        this.files = List.copyOf(files);
        this.hadNewest = drop.keep() == FileDrop.Keep.LATEST && files.stream().anyMatch(TakenFile::isRead);
        this.versions = versions;
        this.readings = new FileReadings(drop);
        this.aside = new FileAside(lake, drop);
        this.number = landing.base()
                        .flatMap(base -> base.updateNumber(landing.flowId()).stream()
                                .boxed()
                                .findFirst())
                        .orElse(0L)
                + 1;
    }

    /** Files that the drop refuses to read as long as nobody decides what becomes of their columns. */
    List<Problem> refused() {
        return refused;
    }

    /** What of the files is in the ledger now. */
    List<TakenFile> files() {
        return files;
    }

    /** Commits. Empty when every file was left for later. Throws {@link OvertakenException}. */
    Optional<Extracted> land() {
        try {
            checkHeaders();
            keepOlder();
            while (!files.isEmpty()) {
                try {
                    return Optional.of(attempt());
                } catch (SpoiledFilesException spoiled) {
                    without(spoiled);
                    keepOlder();
                }
            }
            return Optional.empty();
        } finally {
            files.forEach(TakenFile::release);
        }
    }

    /** Commits that there is nothing yet. Throws {@link OvertakenException}. */
    void landNothing() {
        attempt();
    }

    private void checkHeaders() {
        FileColumns columns = columns();
        files = files.stream()
                .map(file -> file.isRead()
                        ? readings.flaw(file, columns).map(file::unreadable).orElse(file)
                        : file)
                .toList();
        List<TakenFile> kept = new ArrayList<>();
        for (TakenFile file : files) {
            Optional<String> unknown = file.isRead() ? unknown(columns, file) : Optional.empty();
            dropNotes();
            if (unknown.isPresent()) {
                file.release();
                refused.add(refusal(file, unknown.get()));
            } else {
                kept.add(file);
            }
        }
        files = List.copyOf(kept);
    }

    /** No file is older than the newest one for good before that one turns out to be readable. */
    private void keepOlder() {
        if (hadNewest && read().isEmpty()) {
            files = files.stream()
                    .filter(file -> file.outcome() != Outcome.OLDER)
                    .toList();
        }
    }

    private Optional<String> unknown(FileColumns columns, TakenFile file) {
        if (drop.schema() != FileDrop.Unknown.FAIL_ON_NEW_COLUMNS) {
            return Optional.empty();
        }
        return readings.of(session, List.of(file), columns).stream()
                .flatMap(reading -> reading.values().stream())
                .filter(columns::refuses)
                .map(FileReading.Value::name)
                .findFirst();
    }

    private Problem refusal(TakenFile file, String column) {
        return new Problem(
                ErrorCode.SCHEMA_CHANGED,
                drop.position(),
                file.file().path() + " has a column " + column + ", which " + drop.target()
                        + " does not have, and schema: failOnNewColumns refuses it.",
                "Add it to columns, or write schema: rescue or schema: addNewColumns; the file is then read.");
    }

    private FileColumns columns() {
        return new FileColumns(
                drop, landing.base().orElseThrow(OvertakenException::new).schema());
    }

    private List<TakenFile> read() {
        return files.stream().filter(TakenFile::isRead).toList();
    }

    private Extracted attempt() {
        writeTaken();
        FileAside.begin(session);
        files.stream().filter(file -> file.flaw() != null).forEach(file -> FileAside.add(session, file));
        FileColumns columns = columns();
        List<FileReading> parts = parts(columns);
        columns.evolve(parts);
        String newLedger = ledger.newPath(number);
        Landing.Rows rows = new Landing.Rows(
                columns.landed(),
                comment(),
                columns.select(parts, TAKEN),
                written -> complete(parts, written, newLedger));
        try {
            String cursor = FileLedger.cursor(newLedger);
            Optional<Extracted> landed = drop.keep() == FileDrop.Keep.LATEST && !read().isEmpty()
                    ? landing.replace(session, rows, cursor)
                    : landing.commit(session, rows, cursor);
            Extracted done = landed.orElseThrow(OvertakenException::new).with(aside.remarks(session));
            ledger.deleteBefore(number);
            return done;
        } catch (SqlFailedException failure) {
            throw spoiled(failure);
        }
    }

    private List<FileReading> parts(FileColumns columns) {
        try {
            return readings.of(session, read(), columns);
        } catch (SqlFailedException | TarnException | IllegalArgumentException failure) {
            throw spoiled(failure);
        }
    }

    private SpoiledFilesException spoiled(RuntimeException failure) {
        if (failure instanceof SqlFailedException full && (full.isOutOfMemory() || full.isOutOfDisk())) {
            throw failure;
        }
        Map<TakenFile, UnreadableFileException> flaws = flaws();
        Set<TakenFile> changed = changed();
        if (flaws.isEmpty() && changed.isEmpty()) {
            throw failure;
        }
        // What is wrong with a file that changed is nothing: the next look meets the new version.
        flaws.keySet().removeAll(changed);
        return new SpoiledFilesException(flaws, changed);
    }

    private Map<TakenFile, UnreadableFileException> flaws() {
        return new FileProbe(lake, readings, columns()).flaws(read());
    }

    /** What has to be true before the commit makes it so. */
    private void complete(List<FileReading> parts, long written, String newLedger) {
        if (readings.hasRecords()) {
            long broken = 0;
            for (int part = 0; part < parts.size(); part++) {
                FileAside.addRejects(session, parts.get(part), part);
                List<FileReadings.Broken> lines = readings.broken(session, parts.get(part));
                FileAside.addBroken(session, parts.get(part), lines);
                broken += lines.size();
            }
            requireEveryRecord(parts.size(), written + broken);
        }
        Set<TakenFile> changed = changed();
        if (!changed.isEmpty()) {
            throw new SpoiledFilesException(Map.of(), changed);
        }
        if (!aside.keep(session, number)) {
            throw new OvertakenException();
        }
        ledger.write(session, number, newLedger);
    }

    private void requireEveryRecord(int parts, long written) {
        long records = read().stream()
                .map(TakenFile::shape)
                .mapToLong(shape -> shape == null ? 0 : shape.records())
                .sum();
        FileProbe.Rejected rejected = FileProbe.Rejected.of(session, parts);
        if (written + rejected.records() != records) {
            Map<TakenFile, UnreadableFileException> flaws = flaws();
            if (!flaws.isEmpty()) {
                throw new SpoiledFilesException(flaws, Set.of());
            }
            if (!rejected.quotes()) {
                throw new IllegalStateException("of " + records + " records of files, " + written + " were written and "
                        + rejected.records() + " kept aside");
            }
        }
    }

    /** Files of this machine that are not what they were when they were taken. */
    private Set<TakenFile> changed() {
        Set<StoredFile> now = new HashSet<>(versions.get());
        return files.stream().filter(file -> !now.contains(file.file())).collect(Collectors.toSet());
    }

    private void without(SpoiledFilesException spoiled) {
        spoiled.changed().forEach(TakenFile::release);
        files = files.stream()
                .filter(file -> !spoiled.changed().contains(file))
                .map(file -> {
                    @Nullable
                    UnreadableFileException flaw = spoiled.unreadable().get(file);
                    return flaw == null ? file : file.unreadable(flaw);
                })
                .toList();
        dropNotes();
    }

    /** What DuckDB kept aside while files were tried. */
    private void dropNotes() {
        session.query(
                        "SELECT table_name FROM duckdb_tables() WHERE temporary AND (starts_with(table_name, 'tarn_rejects_')"
                                + " OR starts_with(table_name, 'tarn_scans_') OR starts_with(table_name, 'again_'))",
                        row -> row.getString(1))
                .forEach(table -> session.execute("DROP TABLE IF EXISTS " + table));
    }

    private void writeTaken() {
        session.execute("CREATE OR REPLACE TEMP TABLE " + TAKEN + " (path VARCHAR, etag VARCHAR, size BIGINT,"
                + " modified TIMESTAMPTZ, sha256 VARCHAR, outcome VARCHAR, local VARCHAR)");
        SqlRows rows = new SqlRows(session, TAKEN);
        for (TakenFile taken : files) {
            StoredFile file = taken.file();
            rows.add(Sql.literal(file.path()) + ", " + Sql.literal(file.etag()) + ", " + file.size()
                    + ", make_timestamptz(" + ChronoUnit.MICROS.between(Instant.EPOCH, file.modified()) + "), "
                    + orNull(taken.sha256()) + ", "
                    + Sql.literal(taken.outcome().name()) + ", "
                    + orNull(taken.local() == null ? null : taken.local().toString()));
        }
        rows.flush();
    }

    private static String orNull(@Nullable String text) {
        return text == null ? "NULL" : Sql.literal(text);
    }

    private String comment() {
        return "Rows of the files landing/" + drop.path();
    }

    /** Marks contents that were taken before, in this batch or another. */
    static List<TakenFile> once(Session session, List<TakenFile> files) {
        List<String> hashes = files.stream()
                .flatMap(file -> Optional.ofNullable(file.sha256()).stream())
                .toList();
        Set<String> known = FileLedger.taken(session, hashes);
        Map<String, TakenFile> seen = new LinkedHashMap<>();
        List<TakenFile> once = new ArrayList<>();
        for (TakenFile file : files) {
            boolean repeated = file.sha256() != null
                    && (known.contains(file.sha256()) || seen.putIfAbsent(file.sha256(), file) != null);
            once.add(repeated ? file.repeated() : file);
        }
        return once;
    }
}
