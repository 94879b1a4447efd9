package dev.tarn.engine.cache;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.tarn.engine.duckdb.FilePattern;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.model.Sql;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Where things are in Parquet files, as their footers say. */
final class ParquetFooters {

    /** Length of the footer, and the format's name. */
    private static final int END = 8;

    private static final String MAGIC = "PAR1";

    private ParquetFooters() {}

    /** The footer; the end of the file must be here. */
    static Ranges range(CachedFile file) throws IOException {
        if (file.size() < END + MAGIC.length()) {
            throw noParquet(file);
        }
        ByteBuffer end = file.read(file.size() - END, END).order(ByteOrder.LITTLE_ENDIAN);
        long length = Integer.toUnsignedLong(end.getInt()) + END;
        byte[] magic = new byte[MAGIC.length()];
        end.get(magic);
        if (!new String(magic, US_ASCII).equals(MAGIC) || length + MAGIC.length() > file.size()) {
            throw noParquet(file);
        }
        return Ranges.of(file.size() - length, file.size());
    }

    private static SpoiledFileException noParquet(CachedFile file) {
        return new SpoiledFileException(file.path(), "does not end as a Parquet file does");
    }

    /** One chunk: a column's values in one row group. */
    private record Chunk(String localPath, long offset, long length, long bloomOffset, long bloomLength) {

        /** All of the file when the footer does not say where the chunk is. */
        Ranges range(CachedFile file) {
            if (offset < MAGIC.length() || length < 0 || offset + length > file.size()) {
                return file.all();
            }
            Ranges range = Ranges.of(offset, offset + length);
            if (bloomOffset > 0) {
                long end = bloomLength > 0 ? bloomOffset + bloomLength : file.size();
                range.add(bloomOffset, Math.min(end, file.size()));
            }
            return range;
        }
    }

    /**
     * Where the columns are, all their leaves and filters, in files whose footers are here. Columns that a file lacks are
     * nowhere.
     */
    static Map<CachedFile, Ranges> chunks(Session session, Collection<CachedFile> files, Set<String> columns) {
        Map<String, CachedFile> byLocalPath =
                files.stream().collect(Collectors.toMap(file -> file.local().toString(), Function.identity()));
        Map<CachedFile, Ranges> chunks = new LinkedHashMap<>();
        files.forEach(file -> chunks.put(file, new Ranges()));
        if (!files.isEmpty() && !columns.isEmpty()) {
            for (Chunk chunk : session.query(sql(files, columns), ParquetFooters::chunk)) {
                CachedFile file = byLocalPath.get(chunk.localPath);
                chunks.get(file).addAll(chunk.range(file));
            }
        }
        return chunks;
    }

    /**
     * DuckDB separates the names of a path by a comma and a space, which a name may hold: by its first part a column is
     * found, and at worst another one with it.
     */
    private static String sql(Collection<CachedFile> files, Set<String> columns) {
        String names = columns.stream()
                .map(name -> "lower(" + Sql.literal(name.split(", ", 2)[0]) + ")")
                .collect(Collectors.joining(", "));
        return "SELECT file_name,"
                // As DuckDB reads it: other writers say 0 where there is no dictionary.
                + " CASE WHEN dictionary_page_offset BETWEEN 4 AND data_page_offset THEN dictionary_page_offset"
                + " ELSE coalesce(data_page_offset, -1) END, coalesce(total_compressed_size, -1),"
                + " coalesce(bloom_filter_offset, 0), coalesce(bloom_filter_length, 0) FROM parquet_metadata("
                + FilePattern.list(files.stream().map(CachedFile::local).toList()) + ")"
                + " WHERE lower(split_part(path_in_schema, ', ', 1)) IN (" + names + ")";
    }

    private static Chunk chunk(ResultSet row) throws SQLException {
        return new Chunk(row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5));
    }
}
