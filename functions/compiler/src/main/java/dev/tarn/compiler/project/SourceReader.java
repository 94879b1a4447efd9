package dev.tarn.compiler.project;

import dev.tarn.model.DeleteCheck;
import dev.tarn.model.FieldPolicy;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.TableSource;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the files of {@code sources/}. */
public final class SourceReader {

    public static final String FOLDER = "sources";

    private static final List<String> TYPES = List.of("odoo", "postgres");
    private static final Duration DELETES_CHECKED_EVERY = Duration.ofHours(1);
    private static final BigDecimal DELETES_STOP_ABOVE = new BigDecimal("0.01");
    private static final Pattern SHARE = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,3})?)%");
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final Problems problems;

    public SourceReader(Problems problems) {
        this.problems = problems;
    }

    /** Every source without a problem; the others' problems are noted. */
    public List<TableSource> readAll(ProjectFiles files) {
        List<TableSource> sources = new ArrayList<>();
        for (String path : files.list(FOLDER, ".yml")) {
            files.find(path)
                    .flatMap(file -> YamlMap.of(file, problems))
                    .filter(yaml -> !WebhookReader.isOne(yaml))
                    .flatMap(SourceReader::read)
                    .ifPresent(sources::add);
        }
        return sources;
    }

    private static Optional<TableSource> read(YamlMap yaml) {
        if (yaml.text("type").equals(Optional.of(DropReader.TYPE))) {
            return Optional.empty();
        }
        Optional<String> name = yaml.required("source").filter(text -> !text.isBlank());
        Optional<String> type = yaml.required("type");
        if (type.isPresent() && !TYPES.contains(type.get())) {
            return yaml.invalid(
                    "type",
                    "A source of type " + type.get() + " is not read yet.",
                    "Only type: odoo, type: postgres, type: webhook and type: files are.");
        }
        boolean odoo = !type.equals(Optional.of("postgres"));
        List<String> settings =
                new ArrayList<>(List.of("source", "type", "connection", "schedule", "deletes", "schema", "tables"));
        if (odoo) {
            settings.add("language");
        }
        yaml.allow(settings.toArray(String[]::new));
        Optional<SourceConnection> connection = ConnectionReader.read(yaml, odoo);
        Optional<YamlMap> schedule = yaml.map("schedule", true).map(map -> map.allow("every"));
        schedule.ifPresent(map -> map.required("every"));
        Optional<Duration> every = schedule.flatMap(map -> map.duration("every"));
        DeleteCheck deletes =
                yaml.map("deletes", false).map(SourceReader::deletes).orElseGet(SourceReader::usualDeletes);
        FieldPolicy fields = yaml.map("schema", false).map(SourceReader::fields).orElseGet(SourceReader::usualFields);
        boolean api =
                connection.filter(SourceConnection.OdooApi.class::isInstance).isPresent();
        List<TableSource.Table> tables = yaml.maps("tables").stream()
                .flatMap(table -> SourceTableReader.read(table, odoo, api).stream())
                .toList();
        if (name.isEmpty() || connection.isEmpty() || every.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new TableSource(name.get(), connection.get(), every.get(), deletes, fields, tables, yaml.position()));
    }

    private static DeleteCheck usualDeletes() {
        return new DeleteCheck(DELETES_CHECKED_EVERY, DELETES_STOP_ABOVE);
    }

    private static DeleteCheck deletes(YamlMap yaml) {
        yaml.allow("check_every", "stop_above");
        return new DeleteCheck(
                yaml.duration("check_every").orElse(DELETES_CHECKED_EVERY),
                yaml.text("stop_above").flatMap(text -> share(yaml, text)).orElse(DELETES_STOP_ABOVE));
    }

    private static Optional<BigDecimal> share(YamlMap yaml, String text) {
        return Optional.of(SHARE.matcher(text))
                .filter(matcher -> matcher.matches())
                .map(matcher -> new BigDecimal(matcher.group(1)).divide(HUNDRED))
                .filter(share -> share.compareTo(BigDecimal.ONE) <= 0)
                .or(() -> yaml.invalid("stop_above", "'stop_above' is no share of a table.", "Write 1% or 0.5%."));
    }

    private static FieldPolicy usualFields() {
        return new FieldPolicy(FieldPolicy.Added.ADD, FieldPolicy.Retyped.RESCUE, FieldPolicy.Removed.WARN);
    }

    private static FieldPolicy fields(YamlMap yaml) {
        yaml.allow("new_field", "retyped_field", "removed_field");
        FieldPolicy usual = usualFields();
        return new FieldPolicy(
                word(yaml, "new_field", usual.added(), FieldPolicy.Added.values()),
                word(yaml, "retyped_field", usual.retyped(), FieldPolicy.Retyped.values()),
                word(yaml, "removed_field", usual.removed(), FieldPolicy.Removed.values()));
    }

    private static <T extends Enum<T>> T word(YamlMap yaml, String key, T usual, T[] possible) {
        Optional<String> text = yaml.text(key);
        return text.flatMap(found -> Stream.of(possible)
                        .filter(value -> word(value).equals(found))
                        .findFirst()
                        .or(() -> yaml.invalid(
                                key,
                                "'" + found + "' is nothing that can be done about a field here.",
                                "Possible: "
                                        + Arrays.stream(possible)
                                                .map(SourceReader::word)
                                                .collect(Collectors.joining(", "))
                                        + ".")))
                .orElse(usual);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
