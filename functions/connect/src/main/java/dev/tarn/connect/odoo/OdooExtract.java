package dev.tarn.connect.odoo;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.connect.postgres.SourceColumn;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.OdooSource;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings what was committed in an Odoo database into bronze.
 *
 * <p>A look takes one snapshot for all tables and reads every row that was written by a transaction at or above the horizon
 * of the look before. Neither clocks nor {@code write_date} take part, so a transaction that commits late is not missed. A
 * row that was written between horizon and snapshot comes once more with the next look that finds something; its newest
 * {@code _seq} counts. Deleted rows are not noticed.
 */
public final class OdooExtract {

    private static final int MOST_ATTEMPTS = 3;

    private final Lake lake;
    private final OdooSource source;
    private final PostgresUrl url;

    public OdooExtract(Lake lake, OdooSource source, PostgresUrl url) {
        this.lake = requireNonNull(lake, "lake");
        this.source = requireNonNull(source, "source");
        this.url = requireNonNull(url, "url");
    }

    /**
     * Checks that the database is an Odoo of the right version with all tables of the source, and that they may be read.
     *
     * @throws TarnException naming everything that is wrong
     */
    public ServerInfo connect() {
        try (OdooDatabase database = OdooDatabase.open(source, url)) {
            return new SourceCheck(source, url, database).run();
        }
    }

    /**
     * Looks once at every table of the source. A table without anything new gets no commit.
     *
     * @return in the order of the source's tables
     * @throws TarnException as {@link #connect}; SOURCE_RECREATED, SCHEMA_CHANGED; nothing was read then
     */
    public List<Extracted> extract() {
        Map<OdooSource.Table, Extracted> done = new LinkedHashMap<>();
        List<OdooSource.Table> left = source.tables();
        for (int attempt = 0; attempt < MOST_ATTEMPTS && !left.isEmpty(); attempt++) {
            left = look(left, done);
        }
        if (!left.isEmpty()) {
            throw new TarnException(
                    ErrorCode.COMMIT_CONFLICT,
                    "Source " + source.name() + ": another process keeps reading "
                            + String.join(
                                    ", ",
                                    left.stream()
                                            .map(OdooSource.Table::relation)
                                            .toList())
                            + " into the same lake.",
                    "Let one process alone read the source; Tarn looks again.");
        }
        return source.tables().stream().map(done::get).toList();
    }

    /** Looks at the tables and returns those for which another writer came first. */
    private List<OdooSource.Table> look(List<OdooSource.Table> tables, Map<OdooSource.Table, Extracted> done) {
        List<TableLook> looks = tables.stream()
                .map(table -> TableLook.begin(lake, source, table))
                .toList();
        List<OdooSource.Table> overtaken = new ArrayList<>();
        try (OdooDatabase database = OdooDatabase.open(source, url)) {
            new SourceCheck(source, url, database).run();
            SourceState state = database.state();
            Map<String, List<SourceColumn>> columns = database.columns(
                    tables.stream().map(OdooSource.Table::relation).toList());
            refuse(looks, state, columns);
            for (TableLook look : looks) {
                Optional<Extracted> extracted =
                        look.read(database, state, columns.get(look.table().relation()));
                extracted.ifPresentOrElse(result -> done.put(look.table(), result), () -> overtaken.add(look.table()));
            }
        }
        return overtaken;
    }

    private static void refuse(List<TableLook> looks, SourceState state, Map<String, List<SourceColumn>> columns) {
        List<Problem> problems = looks.stream()
                .flatMap(look -> look.problems(state, columns.get(look.table().relation())).stream())
                .toList();
        if (!problems.isEmpty()) {
            throw new TarnException(problems, null);
        }
    }
}
