package dev.tarn.compiler.project;

import dev.tarn.model.Column;
import dev.tarn.model.DropPath;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Layer;
import dev.tarn.model.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the files of {@code sources/} that describe files which are dropped. */
public final class DropReader {

    /** The type of such a source. */
    static final String TYPE = "files";

    private static final Map<String, FileDrop.Format> FORMATS = Map.of(
            "csv", FileDrop.Format.CSV,
            "excel", FileDrop.Format.EXCEL,
            "json", FileDrop.Format.JSON,
            "ndjson", FileDrop.Format.NDJSON,
            "parquet", FileDrop.Format.PARQUET);
    private static final Map<String, FileDrop.Unknown> SCHEMAS = Map.of(
            "rescue", FileDrop.Unknown.RESCUE,
            "addNewColumns", FileDrop.Unknown.ADD_NEW_COLUMNS,
            "failOnNewColumns", FileDrop.Unknown.FAIL_ON_NEW_COLUMNS,
            "none", FileDrop.Unknown.NONE);
    private static final Map<String, FileDrop.Keep> KEEPS =
            Map.of("all", FileDrop.Keep.ALL, "latest", FileDrop.Keep.LATEST);
    private static final Map<String, FileDrop.SameFile> SAME_FILES =
            Map.of("skip", FileDrop.SameFile.SKIP, "read", FileDrop.SameFile.READ);

    private final Problems problems;

    public DropReader(Problems problems) {
        this.problems = problems;
    }

    /** Every drop without a problem; the others' problems are noted. */
    public List<FileDrop> readAll(ProjectFiles files) {
        List<FileDrop> drops = new ArrayList<>();
        for (String path : files.list(SourceReader.FOLDER, ".yml")) {
            files.find(path).filter(DropReader::isMeant).flatMap(file -> YamlMap.of(file, problems)).stream()
                    .flatMap(source -> read(source).stream())
                    .forEach(drops::add);
        }
        return drops;
    }

    /** What is wrong with others is noted by who reads those. */
    private static boolean isMeant(ProjectFile file) {
        return YamlMap.of(file, new Problems())
                .flatMap(source -> source.text("type"))
                .filter(TYPE::equals)
                .isPresent();
    }

    private static List<FileDrop> read(YamlMap yaml) {
        yaml.allow("source", "type", "drops");
        Optional<String> source = yaml.required("source").filter(text -> !text.isBlank());
        return yaml.maps("drops").stream()
                .flatMap(drop -> drop(source.orElse("files"), drop).stream())
                .toList();
    }

    private static Optional<FileDrop> drop(String source, YamlMap yaml) {
        yaml.allow("name", "path", "format", "options", "columns", "schema", "keep", "same_file_again");
        Optional<String> name = yaml.required("name").flatMap(text -> name(yaml, text));
        Optional<DropPath> path = yaml.required("path").flatMap(text -> path(yaml, text));
        yaml.required("format");
        FileDrop.Format format = word(
                yaml, "format", FORMATS, List.of("csv", "excel", "json", "ndjson", "parquet"), FileDrop.Format.CSV);
        FileDrop.Unknown schema = word(
                yaml,
                "schema",
                SCHEMAS,
                List.of("rescue", "addNewColumns", "failOnNewColumns", "none"),
                FileDrop.Unknown.RESCUE);
        if (format == FileDrop.Format.PARQUET && yaml.has("options")) {
            yaml.invalid(
                    "options",
                    "'options' say how texts are read, and a Parquet file says that itself.",
                    "Take options out.");
        }
        FileDrop.Options options = yaml.map("options", false)
                .map(map -> DropOptionsReader.read(map, format))
                .orElse(FileDrop.Options.USUAL);
        List<Column> columns = columns(yaml, schema, options);
        FileDrop.Keep keep = word(yaml, "keep", KEEPS, List.of("all", "latest"), FileDrop.Keep.ALL);
        FileDrop.SameFile same =
                word(yaml, "same_file_again", SAME_FILES, List.of("skip", "read"), FileDrop.SameFile.SKIP);
        if (name.isEmpty() || path.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new FileDrop(
                source,
                name.get(),
                new TableName(Layer.BRONZE, name.get()),
                path.get(),
                format,
                options,
                columns,
                schema,
                keep,
                same,
                yaml.position("name")));
    }

    private static Optional<String> name(YamlMap yaml, String name) {
        if (TableName.isTableName(name + TableName.QUARANTINE)) {
            return Optional.of(name);
        }
        int most = TableName.MAX_LENGTH - TableName.QUARANTINE.length();
        return yaml.invalid(
                "name",
                "'" + name + "' cannot be the name of a drop, whose table of bronze is called the same.",
                "Use small letters, digits and _, beginning with a letter, at most " + most + " characters.");
    }

    private static Optional<DropPath> path(YamlMap yaml, String text) {
        return DropPath.tryParse(text)
                .or(() -> yaml.invalid(
                        "path",
                        "'" + text + "' does not say which files below landing are meant.",
                        "Write folders and a name between single /, with * and ? for characters of a name and ** for any"
                                + " folders: bank/**, budget/*.csv."));
    }

    private static List<Column> columns(YamlMap yaml, FileDrop.Unknown schema, FileDrop.Options options) {
        List<Column> columns =
                yaml.map("columns", false).map(DropColumnsReader::read).orElse(List.of());
        boolean named = options.header() && schema == FileDrop.Unknown.ADD_NEW_COLUMNS;
        if (!yaml.has("columns") && !named) {
            yaml.invalid(
                    "columns",
                    "'columns' is missing, and nothing else says which columns the table has.",
                    "Write columns: { name: TYPE }, or schema: addNewColumns to take those of the files as texts.");
        }
        return columns;
    }

    private static <T> T word(YamlMap yaml, String key, Map<String, T> words, List<String> inOrder, T usual) {
        return yaml.text(key)
                .flatMap(found -> Optional.ofNullable(words.get(found))
                        .or(() -> yaml.invalid(
                                key,
                                "'" + found + "' is nothing that " + key + " can be here.",
                                "Possible: " + String.join(", ", inOrder) + ".")))
                .orElse(usual);
    }
}
