package dev.tarn.local.run;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.event.EventLog;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;

/** Reads tables of a source a single time, into a lake that nobody else runs meanwhile. */
public final class SourceRun {

    private final Lake lake;
    private final Path root;

    /** @param root folder of the lake on this machine */
    public SourceRun(Lake lake, Path root) {
        this.lake = requireNonNull(lake, "lake");
        this.root = requireNonNull(root, "root");
    }

    /**
     * What became of the tables.
     *
     * @param landed what was done for each that was read
     * @param problems of the others, and what was held back
     */
    public record Ended(List<Extracted> landed, List<Problem> problems) {
        public Ended {
            landed = List.copyOf(landed);
            problems = List.copyOf(problems);
        }
    }

    /**
     * Reads the tables. What one refuses is told after the others were read, so the lake is asked what these got.
     *
     * @throws TarnException LAKE_IN_USE when another process runs the lake; what is refused before anything was read
     */
    public Ended run(List<TableSource.Table> tables, Supplier<List<Extracted>> reading) {
        RootLock lock = RootLock.take(root);
        try {
            Map<TableName, TableSnapshot> before = new LinkedHashMap<>();
            tables.forEach(table -> snapshot(table.target()).ifPresent(found -> before.put(table.target(), found)));
            try {
                return new Ended(reading.get(), List.of());
            } catch (TarnException refusal) {
                List<Extracted> landed = landed(tables, before);
                if (landed.isEmpty()) {
                    throw refusal;
                }
                return new Ended(landed, refusal.problems());
            } finally {
                new EventLog(lake).fold();
            }
        } finally {
            lock.close();
        }
    }

    private Optional<TableSnapshot> snapshot(TableName table) {
        return lake.table(table).snapshot();
    }

    private List<Extracted> landed(List<TableSource.Table> tables, Map<TableName, TableSnapshot> before) {
        List<Extracted> landed = new ArrayList<>();
        for (TableSource.Table table : tables) {
            TableSnapshot after = snapshot(table.target()).orElse(null);
            TableSnapshot was = before.get(table.target());
            if (after != null && (was == null || after.version() != was.version())) {
                landed.add(new Extracted(
                        table.target(),
                        after.numRecords() - (was == null ? 0 : was.numRecords()),
                        OptionalLong.of(after.version()),
                        Duration.ZERO,
                        List.of()));
            }
        }
        return landed;
    }
}
