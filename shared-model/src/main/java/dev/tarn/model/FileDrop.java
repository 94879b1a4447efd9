package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files that are put below {@code landing/} and whose rows go to a table of bronze.
 *
 * @param source name of the source, kept in {@code _source} of every row
 * @param name of the drop in its source
 * @param target the bronze table
 * @param columns that the table has from the beginning, with their types
 * @param sameFileAgain what becomes of a content that was taken before, whatever its name
 * @param position where the project says so
 */
public record FileDrop(
        String source,
        String name,
        TableName target,
        DropPath path,
        Format format,
        Options options,
        List<Column> columns,
        Unknown schema,
        Keep keep,
        SameFile sameFileAgain,
        SourcePosition position) {

    /** Path of the file in the lake. */
    public static final Column FILE = new Column("_file", DataType.Simple.STRING, "Path of the file in the lake");

    /** When the file was put there. */
    public static final Column FILE_MODIFIED =
            new Column("_file_modified", DataType.Simple.TIMESTAMP, "When the file was put there");

    /** Its size. */
    public static final Column FILE_SIZE = new Column("_file_size", DataType.Simple.BIGINT, "Bytes of the file");

    /** How files are written. */
    public enum Format {
        CSV,
        /** One object of JSON in each line. */
        NDJSON,
        /** A list of objects, or objects one after another. */
        JSON,
        PARQUET,
        /** Workbooks, .xlsx, of each of which one sheet is read. */
        EXCEL
    }

    /** What becomes of a column of a file that the table does not have, in the words of Auto Loader. */
    public enum Unknown {
        /** Its values go to {@code _rescued_data}. */
        RESCUE,
        /** The table gets it, as texts. */
        ADD_NEW_COLUMNS,
        /** The file is not read, and the others are. */
        FAIL_ON_NEW_COLUMNS,
        /** It is not read. */
        NONE
    }

    /** Which files' rows the table holds. */
    public enum Keep {
        ALL,
        /** Those of the newest file alone. */
        LATEST
    }

    /** What becomes of a content that was taken before. */
    public enum SameFile {
        SKIP,
        READ
    }

    /**
     * How texts are read.
     *
     * @param header whether the first line names the columns; else they come in the order of the project
     * @param separator between values, one character of ASCII
     * @param quote around values, one character of ASCII; empty for none
     * @param escape before a quote in a value in quotes, one character of ASCII; empty for none
     * @param encoding name of a character set, which a byte order mark overrides
     * @param nullValues texts that stand for NULL, as no text does
     * @param skip lines, or rows of a sheet, before everything else
     * @param decimal what stands before the decimals of a number, a point or a comma
     * @param sheet name or number from 1 of the sheet of a workbook; null for the first one
     */
    public record Options(
            boolean header,
            String separator,
            String quote,
            String escape,
            String encoding,
            List<String> nullValues,
            int skip,
            String decimal,
            @Nullable String sheet) {

        /** What is usual. */
        public static final Options USUAL = new Options(true, ",", "\"", "\"", "UTF-8", List.of(), 0, ".", null);

        public Options {
            requireNonNull(encoding, "encoding");
            nullValues = List.copyOf(nullValues);
            if (separator.length() != 1 || quote.length() > 1 || escape.length() > 1 || skip < 0) {
                throw new IllegalArgumentException(
                        "separator, quote and escape are single characters, lines none or more");
            }
            if (!decimal.equals(".") && !decimal.equals(",")) {
                throw new IllegalArgumentException("decimals stand behind a point or a comma");
            }
        }
    }

    public FileDrop {
        requireNonNull(target, "target");
        requireNonNull(path, "path");
        requireNonNull(format, "format");
        requireNonNull(options, "options");
        requireNonNull(schema, "schema");
        requireNonNull(keep, "keep");
        requireNonNull(sameFileAgain, "sameFileAgain");
        requireNonNull(position, "position");
        columns = List.copyOf(columns);
        if (source.isBlank() || name.isBlank()) {
            throw new IllegalArgumentException("a drop needs a name, and so does its source");
        }
    }

    /** The same drop, described elsewhere. */
    public FileDrop at(SourcePosition other) {
        return new FileDrop(source, name, target, path, format, options, columns, schema, keep, sameFileAgain, other);
    }

    /** The columns that a table has before its first file. */
    public TableSchema tableSchema() {
        List<Column> all = new ArrayList<>(columns);
        all.addAll(List.of(FILE, FILE_MODIFIED, FILE_SIZE));
        all.addAll(BronzeSchema.ALL);
        return new TableSchema(all);
    }

    /** The columns that the table has, or gets with the next look at its files; {@code there} is what it has. */
    public TableSchema tableSchema(TableSchema there) {
        if (there.column(FILE.name()).isEmpty()) {
            // Another table, which had the name before.
            return tableSchema();
        }
        List<Column> all = new ArrayList<>(there.columns());
        columns.stream().filter(column -> there.column(column.name()).isEmpty()).forEach(all::add);
        return new TableSchema(all);
    }
}
