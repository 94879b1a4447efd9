package dev.tarn.compiler.project;

import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;

import dev.tarn.compiler.ProjectSettings;
import dev.tarn.compiler.ProjectSettings.Target;
import dev.tarn.model.Nearest;
import dev.tarn.model.Notify;
import dev.tarn.model.Operation;
import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads {@code tarn.yml}, Tarn's own settings. */
public final class SettingsReader {

    public static final String FILE = "tarn.yml";

    private static final Pattern ATTEMPTS = Pattern.compile("[1-9][0-9]?");

    private final Problems problems;

    public SettingsReader(Problems problems) {
        this.problems = problems;
    }

    /** The settings; empty when something in them is wrong, which is then noted. */
    public Optional<ProjectSettings> read(ProjectFiles files, PipelineSpec spec) {
        Optional<ProjectFile> file = files.find(FILE);
        if (file.isEmpty()) {
            problems.add(
                    CONFIGURATION_INVALID,
                    null,
                    "The project has no " + FILE + ".",
                    "Add it with version: 1, timezone and targets; tarn init shows one.");
            return Optional.empty();
        }
        return YamlMap.of(file.get(), problems).flatMap(yaml -> read(yaml, spec));
    }

    private Optional<ProjectSettings> read(YamlMap yaml, PipelineSpec spec) {
        yaml.allow("version", "timezone", "freshness", "attempts", "notify", "targets");
        yaml.required("version")
                .filter(version -> !version.equals("1"))
                .ifPresent(version -> yaml.invalid(
                        "version",
                        "Version " + version + " of " + FILE + " is not known.",
                        "Write version: 1, or use a newer Tarn."));
        Optional<ZoneId> timezone = timezone(yaml, spec);
        Duration freshness = yaml.duration("freshness").orElse(Operation.FRESHNESS);
        int attempts = attempts(yaml);
        Optional<Notify> notify = yaml.map("notify", false).flatMap(NotifyReader::read);
        Optional<Map<String, Target>> targets = yaml.map("targets", true).flatMap(this::targets);
        return problems.none() && timezone.isPresent()
                ? targets.map(found -> new ProjectSettings(
                        spec.name(), timezone.get(), freshness, attempts, notify.orElse(null), found))
                : Optional.empty();
    }

    private static int attempts(YamlMap yaml) {
        return yaml.text("attempts")
                .flatMap(
                        text -> ATTEMPTS.matcher(text).matches()
                                ? Optional.of(Integer.valueOf(text))
                                : yaml.<Integer>invalid(
                                        "attempts",
                                        "'attempts' is no number from 1 to 99.",
                                        "Write how often an update may fail on the same input before it is set aside: attempts: 5."))
                .orElse(Operation.ATTEMPTS);
    }

    private Optional<ZoneId> timezone(YamlMap yaml, PipelineSpec spec) {
        Optional<String> zone = yaml.required("timezone");
        spec.timezone().ifPresent(spark -> {
            if (zone.isPresent() && !zone.get().equals(spark.zone())) {
                problems.add(
                        CONFIGURATION_INVALID,
                        spark.position(),
                        "spark.sql.session.timeZone is " + spark.zone() + " and the timezone of " + FILE + " is "
                                + zone.get() + ": Spark would put a moment into another day than Tarn.",
                        "Write the same zone in both.");
            }
        });
        return zone.flatMap(name -> {
            if (!ZoneId.getAvailableZoneIds().contains(name)) {
                return yaml.invalid(
                        "timezone",
                        "'" + name + "' is not a time zone.",
                        Nearest.sentence(
                                name, ZoneId.getAvailableZoneIds(), "Write a region and a city: Asia/Manila."));
            }
            return Optional.of(ZoneId.of(name));
        });
    }

    private Optional<Map<String, Target>> targets(YamlMap yaml) {
        Map<String, Target> targets = new LinkedHashMap<>();
        for (String name : yaml.keys()) {
            yaml.map(name, true).ifPresent(target -> target(name, target).ifPresent(found -> targets.put(name, found)));
        }
        List<String> defaults = targets.values().stream()
                .filter(Target::isDefault)
                .map(Target::name)
                .toList();
        if (defaults.size() == 1) {
            return Optional.of(targets);
        }
        problems.add(
                CONFIGURATION_INVALID,
                yaml.position(),
                defaults.isEmpty()
                        ? "No target is the default."
                        : "More than one target is the default: " + String.join(", ", defaults) + ".",
                "Write default: true at exactly one target.");
        return Optional.empty();
    }

    private static Optional<Target> target(String name, YamlMap yaml) {
        yaml.allow("lake", "app", "default");
        String isDefault = yaml.text("default").orElse("false");
        if (!isDefault.equals("true") && !isDefault.equals("false")) {
            yaml.invalid("default", "'default' is neither true nor false.", "Write default: true.");
        }
        Optional<String> lake = yaml.required("lake");
        if (lake.filter(address -> address.matches("(abfss?|wasbs?|adls?)://.*"))
                .isPresent()) {
            return yaml.invalid(
                    "lake",
                    "The address of the lake is one of a container, and a lake has a container for each layer.",
                    "Write the storage account: https://<account>.blob.core.windows.net.");
        }
        if (lake.filter(SettingsReader::holdsSecret).isPresent()) {
            return yaml.invalid(
                    "lake",
                    "The address of the lake holds a password or a key.",
                    "Leave it out of the address, and change it: whoever has the project has seen it.");
        }
        Optional<URI> app = yaml.text("app").flatMap(text -> app(yaml, text));
        return lake.filter(address -> !address.isBlank())
                .map(address -> new Target(name, address, app.orElse(null), isDefault.equals("true")));
    }

    private static Optional<URI> app(YamlMap yaml, String text) {
        String address = text.strip().replaceAll("/+$", "");
        // Plain http is for an app on this machine alone.
        return address.matches("https://[A-Za-z0-9.-]+(:[0-9]+)?|http://(localhost|127\\.0\\.0\\.1)(:[0-9]+)?")
                ? Optional.of(URI.create(address))
                : yaml.invalid(
                        "app",
                        "'app' is not the address of an app.",
                        "Write https:// and the host alone: https://my-lake.azurewebsites.net.");
    }

    private static boolean holdsSecret(String address) {
        return address.matches("[a-z0-9+.-]+://[^/]*@.*") || address.contains("sig=");
    }
}
