package dev.tarn.engine.duckdb;

import dev.tarn.model.Sql;
import java.nio.file.Path;
import java.util.Collection;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names of files for functions of DuckDB that take a pattern: {@code read_parquet}, {@code read_json} ... */
public final class FilePattern {

    private static final Pattern WILDCARD = Pattern.compile("[*?\\[]");

    private FilePattern() {}

    /** A literal that stands for that file alone, whatever characters its name has. */
    public static String literal(Path file) {
        return Sql.literal(WILDCARD.matcher(file.toString()).replaceAll("[$0]"));
    }

    /** The files as a list. */
    public static String list(Collection<Path> files) {
        return files.stream().map(FilePattern::literal).collect(Collectors.joining(", ", "[", "]"));
    }
}
