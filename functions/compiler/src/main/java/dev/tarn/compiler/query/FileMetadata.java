package dev.tarn.compiler.query;

import dev.tarn.compiler.query.Scope.Relation;
import dev.tarn.compiler.query.Scope.ScopeColumn;
import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Sql;
import java.util.List;
import java.util.Set;

/** The fields of {@code _metadata}, which {@code *} leaves out, of rows that were read from files. */
final class FileMetadata {

    private static final String NAME = "_metadata";

    private FileMetadata() {}

    /** {@code relation}: alias of the table that the rows are in. */
    static Scope of(String relation) {
        String table = Sql.identifier(relation) + ".";
        String path = table + Sql.identifier(FileDrop.FILE.name());
        return new Scope(
                List.of(new Relation(NAME, NAME, relation + "." + NAME)),
                List.of(
                        field("file_path", path, Simple.STRING),
                        field("file_name", "split_part(" + path + ", '/', -1)", Simple.STRING),
                        field("file_size", table + Sql.identifier(FileDrop.FILE_SIZE.name()), Simple.BIGINT),
                        field(
                                "file_modification_time",
                                table + Sql.identifier(FileDrop.FILE_MODIFIED.name()),
                                Simple.TIMESTAMP)),
                Set.of());
    }

    private static ScopeColumn field(String name, String sql, DataType type) {
        return new ScopeColumn(name, sql, type, NAME, false, Set.of());
    }
}
