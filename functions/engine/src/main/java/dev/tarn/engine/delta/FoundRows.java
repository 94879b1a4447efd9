package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.model.Column;
import dev.tarn.model.Sql;
import io.delta.kernel.types.StructType;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rows of a table's version that have one of some keys, looked up once by whoever decides from them what is to be merged,
 * so that the merge need not look for them again. Kept on disk until they are closed.
 */
public final class FoundRows implements AutoCloseable {

    private final TableSnapshot base;
    private final DeltaTables lake;
    private final Session session;
    private final SoughtKeys keys;
    private final Set<String> columns;
    private final PositionedFiles files;
    private final Spool spool;

    private FoundRows(
            TableSnapshot base,
            DeltaTables lake,
            Session session,
            SoughtKeys keys,
            Set<String> columns,
            PositionedFiles files) {
        this.base = base;
        this.lake = lake;
        this.session = session;
        this.keys = keys;
        this.columns = columns;
        this.files = files;
        this.spool = Spool.of(
                session,
                "SELECT " + selected() + ", " + ScanSql.FILE + ", " + ScanSql.POSITION + " FROM "
                        + files.matching(keys.names(), keys.from()));
    }

    /**
     * @param few a FROM-expression over rows with the keys, none of them NULL
     * @param columns that are read besides the keys
     */
    static FoundRows of(
            TableSnapshot base,
            DeltaTables lake,
            Session session,
            List<String> keyNames,
            String few,
            Set<String> columns) {
        List<Column> keyColumns = keyNames.stream()
                .map(name -> base.schema().column(name).orElseThrow())
                .toList();
        SoughtKeys keys = new SoughtKeys(session, keyColumns, few);
        Set<String> read = Stream.concat(keyNames.stream(), columns.stream()).collect(Collectors.toSet());
        PositionedFiles files = PositionedFiles.of(
                lake,
                session,
                base,
                base.kernel().getSchema(),
                keys.among(base.filesWithin(ReadScope.WHOLE_TABLE)),
                () -> read);
        return new FoundRows(base, lake, session, keys, read, files);
    }

    private String selected() {
        return Sql.identifiers(
                base.schema().names().stream().filter(columns::contains).toList());
    }

    /** A FROM-expression over the rows, with the keys and the columns that were asked for. */
    public String from() {
        return spool.from();
    }

    /** A FROM-expression over the rows with all columns of the table. */
    public String whole() {
        StructType schema = base.kernel().getSchema();
        return "(SELECT " + Sql.identifiers(schema.fieldNames()) + " FROM "
                + positioned(PositionedFiles.of(
                        lake,
                        session,
                        base,
                        schema,
                        List.copyOf(files.files().values()),
                        () -> Set.copyOf(schema.fieldNames())))
                + ")";
    }

    /** As {@link PositionedFiles#sql}, over these rows; {@code read} may have more columns. */
    String positioned(PositionedFiles read) {
        return read == files ? from() : read.at(from()).orElseGet(() -> read.matching(keys.names(), keys.from()));
    }

    /** The files in which they were looked for, with all columns of {@code schema} when these were read. */
    PositionedFiles files(TableChangeBuilder change) {
        if (change.base().version() != base.version()
                || !change.base().tableId().equals(base.tableId())) {
            throw new IllegalStateException("rows that were found in " + base + " are of no use for " + change.base());
        }
        return columns.containsAll(change.schema().fieldNames())
                ? files
                : PositionedFiles.of(
                        lake, session, change, List.copyOf(files.files().values()));
    }

    @Override
    public void close() {
        spool.close();
    }
}
