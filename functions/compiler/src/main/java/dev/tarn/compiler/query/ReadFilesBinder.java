package dev.tarn.compiler.query;

import dev.tarn.compiler.grammar.SparkGrammar;
import dev.tarn.compiler.grammar.Types;
import dev.tarn.compiler.project.DropColumnsReader;
import dev.tarn.compiler.project.DropOptionsReader;
import dev.tarn.compiler.project.ProjectFile;
import dev.tarn.model.BronzeSchema;
import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DropPath;
import dev.tarn.model.FileDrop.Format;
import dev.tarn.model.FileDrop.Options;
import dev.tarn.model.FileDrop.Unknown;
import dev.tarn.model.TarnException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.antlr.v4.runtime.Token;
import org.apache.spark.sql.catalyst.parser.SqlBaseParser.TableFunctionCallContext;

/**
 * Understands a call of Databricks' {@code read_files}. What is not written means what it means there; where Tarn would read
 * something else than Databricks does, the option must be written.
 */
final class ReadFilesBinder {

    private static final String RESCUED = "_rescued_data";
    private static final String SOURCES = "Describe the files in sources/files.yml, and read STREAM(bronze.table).";

    private static final List<String> ANY = List.of(
            "path",
            "format",
            "schema",
            "schemaHints",
            "inferColumnTypes",
            "schemaEvolutionMode",
            "rescuedDataColumn",
            "allowOverwrites",
            "pathGlobFilter",
            "fileNamePattern");
    private static final List<String> TEXTS = List.of("encoding", "charset", "multiLine");
    private static final List<String> CSV =
            List.of("header", "sep", "delimiter", "quote", "escape", "nullValue", "skipRows");

    private static final Map<String, Unknown> MODES = Map.of(
            "addnewcolumns", Unknown.ADD_NEW_COLUMNS,
            "rescue", Unknown.RESCUE,
            "failonnewcolumns", Unknown.FAIL_ON_NEW_COLUMNS,
            "none", Unknown.NONE);

    /** The lake's container, as a folder of it, a volume of Databricks' or a storage account names it. */
    private static final Pattern LANDING =
            Pattern.compile("(?:abfss://landing@[^/]+/|/Volumes/[^/]+/[^/]+/landing/|/?landing/)(.*?)/*");

    private static final Pattern FILE = Pattern.compile("[^/]*\\.[A-Za-z0-9]+");

    private final Site site;
    private final CallOptions options;

    ReadFilesBinder(Site site, TableFunctionCallContext call) {
        this.site = site;
        this.options = new CallOptions(site, call, "path");
    }

    /** Throws {@link TarnException} with what is wrong. */
    ReadFiles bind(TableFunctionCallContext call) {
        Format format = format();
        options.requireOnly(known(format), "Leave it out, or describe the files in sources/files.yml.");
        boolean declared = options.text("schema").isPresent();
        List<Column> columns = columns(declared ? "schema" : "schemaHints", format);
        if (!options.flag("allowOverwrites", true)) {
            throw options.refusal(
                    "allowOverwrites", "A file that changes in place is read again.", "Write allowOverwrites => true.");
        }
        boolean rescued = rescued(declared);
        return new ReadFiles(
                path(),
                format,
                options(format, declared),
                columns,
                mode(declared, rescued),
                rescued,
                site.grammar().at(call));
    }

    private static List<String> known(Format format) {
        return Stream.of(
                        ANY,
                        format == Format.PARQUET ? List.<String>of() : TEXTS,
                        format == Format.CSV ? CSV : List.<String>of())
                .flatMap(List::stream)
                .toList();
    }

    private Format format() {
        String format = options.text("format").orElse("");
        return switch (format.toLowerCase(Locale.ROOT)) {
            case "csv" -> Format.CSV;
            case "json" -> options.flag("multiLine", false) ? Format.JSON : Format.NDJSON;
            case "parquet" -> Format.PARQUET;
            default ->
                throw options.refusal(
                        "format",
                        format.isEmpty()
                                ? "read_files does not say how the files are written."
                                : "Files of the format '" + format + "' are not read here.",
                        "Write format => 'csv', 'json' or 'parquet'.");
        };
    }

    private DropPath path() {
        String text = options.text("path")
                .orElseThrow(() -> options.refusal("path", "read_files does not say which files.", example()));
        Matcher landing = LANDING.matcher(text);
        if (!landing.matches() || landing.group(1).isEmpty()) {
            throw options.refusal("path", "'" + text + "' is no folder of the lake's container landing.", example());
        }
        String below = landing.group(1);
        Optional<String> filter = options.text("pathGlobFilter").or(() -> options.text("fileNamePattern"));
        boolean files = below.contains("*")
                || below.contains("?")
                || FILE.matcher(last(below)).matches();
        String path = files ? below : below + "/**";
        if (filter.isPresent()) {
            if (files || filter.get().contains("/")) {
                throw options.refusal(
                        options.text("pathGlobFilter").isPresent() ? "pathGlobFilter" : "fileNamePattern",
                        "A filter of names takes a folder as the path, and a name.",
                        "Write the whole pattern as the path: '/landing/bank/*.csv'.");
            }
            path = below + "/**/" + filter.get();
        }
        return DropPath.tryParse(path)
                .orElseThrow(() -> options.refusal(
                        "path",
                        "'" + text + "' does not say which files are meant.",
                        "Write folders and a name between single /, with * and ? for characters of a name and ** for any"
                                + " folders."));
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String example() {
        return "Write '/landing/folder/', or 'abfss://landing@account.dfs.core.windows.net/folder/' for Databricks too.";
    }

    /** Without declared types Databricks would guess them from the files; texts are the same in both. */
    private List<Column> columns(String key, Format format) {
        Optional<String> text = options.text(key);
        if (text.isEmpty()) {
            throw options.refusal(
                    key, "read_files does not say which columns there are.", "Write schema => 'name TYPE, name TYPE'.");
        }
        boolean guessed = key.equals("schemaHints") && format != Format.PARQUET;
        if (guessed && options.flag("inferColumnTypes", true)) {
            throw options.refusal(
                    key,
                    "Types of the other columns would be inferred, which Tarn does not: they would be texts.",
                    "Write inferColumnTypes => false, or schema with all columns.");
        }
        List<Column> columns = fields(key, text.get());
        for (Column column : columns) {
            if (!BronzeSchema.isNameOfSource(column.name()) || !DropColumnsReader.isType(column.type())) {
                throw options.refusal(
                        key,
                        column.name() + " " + column.type() + " is not a column that values of files are read as.",
                        SOURCES);
            }
        }
        return columns;
    }

    private List<Column> fields(String key, String text) {
        try {
            SparkGrammar grammar = new SparkGrammar(new ProjectFile(key, "STRUCT<" + text + ">"));
            List<Token> tokens = grammar.tokens();
            int end = tokens.size() - 1;
            DataType type = new Types(grammar)
                    .read(grammar.dataType(new SparkGrammar.Slice(tokens.subList(0, end), tokens.get(end))));
            return ((DataType.Struct) type).fields();
        } catch (TarnException notColumns) {
            throw options.refusal(
                    key,
                    "'" + text + "' is no list of columns: "
                            + notColumns.problems().get(0).what(),
                    "Write names and types: " + key + " => 'booked_on DATE, amount DECIMAL(18,2)'.");
        }
    }

    /** As in Databricks: with {@code schema}, what does not fit is dropped unless a column is named for it. */
    private boolean rescued(boolean declared) {
        Optional<String> name = options.text("rescuedDataColumn");
        if (name.isPresent() && !name.get().equals(RESCUED)) {
            throw options.refusal(
                    "rescuedDataColumn",
                    "'" + name.get() + "' cannot be the column of rescued values.",
                    "Name it _rescued_data.");
        }
        return !declared || name.isPresent();
    }

    private Unknown mode(boolean declared, boolean rescued) {
        Unknown usual = declared ? Unknown.NONE : Unknown.ADD_NEW_COLUMNS;
        Unknown mode = options.text("schemaEvolutionMode")
                .map(text -> Optional.ofNullable(MODES.get(text.toLowerCase(Locale.ROOT)))
                        .orElseThrow(() -> options.refusal(
                                "schemaEvolutionMode",
                                "'" + text + "' is no mode.",
                                "Possible: addNewColumns, rescue, failOnNewColumns, none.")))
                .orElse(usual);
        if (declared && mode == Unknown.ADD_NEW_COLUMNS) {
            throw options.refusal(
                    "schemaEvolutionMode",
                    "No columns are added to those of schema.",
                    "Write schemaHints instead of schema.");
        }
        return mode == Unknown.NONE && rescued ? Unknown.RESCUE : mode;
    }

    private Options options(Format format, boolean declared) {
        Options usual = Options.USUAL;
        String encoding = encoding();
        if (format != Format.CSV) {
            return new Options(usual.header(), ",", "\"", "\"", encoding, List.of(), 0, usual.decimal(), usual.sheet());
        }
        String separator = character("sep").or(() -> character("delimiter")).orElse(usual.separator());
        String quote = character("quote").orElse(usual.quote());
        if (separator.isEmpty() || separator.equals(quote)) {
            throw options.refusal("sep", "sep must be a character that is not quote.", "Write sep => ';'.");
        }
        return new Options(
                options.flag("header", !declared),
                separator,
                quote,
                character("escape").orElse("\\"),
                encoding,
                options.text("nullValue").map(List::of).orElse(List.of()),
                lines(),
                usual.decimal(),
                usual.sheet());
    }

    private Optional<String> character(String key) {
        Optional<String> text = options.text(key);
        boolean possible = text.isEmpty()
                || text.get().isEmpty()
                || text.get().length() == 1
                        && text.get().charAt(0) < 128
                        && "\r\n\0".indexOf(text.get().charAt(0)) < 0;
        if (!possible) {
            throw options.refusal(key, key + " takes one character of ASCII.", "Write " + key + " => ';'.");
        }
        return text;
    }

    private String encoding() {
        String key = options.text("encoding").isPresent() ? "encoding" : "charset";
        return options.text(key)
                .map(name -> {
                    if (!DropOptionsReader.isEncoding(name)) {
                        throw options.refusal(
                                key,
                                "'" + name + "' is no encoding that Tarn knows.",
                                "Write UTF-8, windows-1252, ISO-8859-15, UTF-16 or another name of the IANA.");
                    }
                    return Charset.forName(name).name();
                })
                .orElse(Options.USUAL.encoding());
    }

    private int lines() {
        return options.text("skipRows")
                .map(text -> {
                    if (!text.matches("\\d{1,4}")) {
                        throw options.refusal("skipRows", "skipRows is no number of lines.", "Write skipRows => 2.");
                    }
                    return Integer.parseInt(text);
                })
                .orElse(0);
    }
}
