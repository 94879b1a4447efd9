package dev.tarn.connect.files;

import dev.tarn.engine.duckdb.FilePattern;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads Parquet files, those with the same columns at once. */
final class ParquetReadings {

    private ParquetReadings() {}

    /** Throws {@link dev.tarn.model.TarnException} for columns of types that no table has. */
    static List<FileReading> of(Session session, List<TakenFile> files) {
        Map<TableSchema, List<TakenFile>> groups = new LinkedHashMap<>();
        for (TakenFile file : files) {
            TableSchema schema = session.describe("SELECT * FROM " + table(List.of(file), ""));
            groups.computeIfAbsent(schema, ofFile -> new ArrayList<>()).add(file);
        }
        List<FileReading> readings = new ArrayList<>();
        groups.forEach((schema, ofGroup) -> readings.add(new FileReading(
                ofGroup,
                table(ofGroup, ", filename = '" + FileReading.FILE + "'"),
                schema.columns().stream()
                        .map(column ->
                                new FileReading.Value(column.name(), Sql.identifier(column.name()), column.type()))
                        .toList(),
                null)));
        return readings;
    }

    private static String table(List<TakenFile> files, String more) {
        return "read_parquet("
                + FilePattern.list(files.stream().map(TakenFile::path).toList()) + ", hive_partitioning = false" + more
                + ")";
    }
}
