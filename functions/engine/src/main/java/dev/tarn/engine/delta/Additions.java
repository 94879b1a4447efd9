package dev.tarn.engine.delta;

import dev.tarn.engine.duckdb.Session;
import java.util.List;

/** Plans appends. */
final class Additions {

    private final DeltaTables lake;
    private final Session session;
    private final TableSnapshot base;

    Additions(DeltaTables lake, Session session, TableSnapshot base) {
        this.lake = lake;
        this.session = session;
        this.base = base;
    }

    TableChange of(String sql, NewColumns columns) {
        TableChangeBuilder change = new TableChangeBuilder(lake, base, "WRITE");
        String rows = SchemaEvolution.evolve(change, session, sql, columns);
        List<NewFile> files = new DataFileWriter(lake, session, base, change.schema()).write(rows);
        change.add(files);
        long records = files.stream().mapToLong(NewFile::records).sum();
        long bytes = files.stream().mapToLong(NewFile::size).sum();
        return change.rows(records, new RowCounts(records, 0, 0))
                .metric("numFiles", files.size())
                .metric("numOutputBytes", bytes)
                .metric("numOutputRows", records)
                .build();
    }
}
