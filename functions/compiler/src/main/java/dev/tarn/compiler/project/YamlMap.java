package dev.tarn.compiler.project;

import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;
import static dev.tarn.model.ErrorCode.SECRET_INVALID;

import dev.tarn.model.Nearest;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A mapping of a YAML file that knows where everything stands. A question that has no right answer is noted among the
 * problems and answered with nothing, so that reading goes on.
 */
public final class YamlMap {

    private static final Pattern DURATION = Pattern.compile("([1-9][0-9]{0,5})(s|m|h|d)");
    private static final Set<Tag> PLAIN = Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.TIMESTAMP);

    private final ProjectFile file;
    private final Problems problems;
    private final SourcePosition position;
    private final Map<String, NodeTuple> entries = new LinkedHashMap<>();

    private YamlMap(ProjectFile file, MappingNode node, Problems problems) {
        this.file = file;
        this.problems = problems;
        this.position = at(file, node.getStartMark());
        for (NodeTuple entry : node.getValue()) {
            String key = entry.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
            if (entries.putIfAbsent(key, entry) != null) {
                problem(entry.getKeyNode(), "'" + key + "' is written twice.", "Keep one of them.");
            }
        }
    }

    /** The file's outermost mapping; empty when the file is not YAML or no mapping, which is then noted. */
    public static Optional<YamlMap> of(ProjectFile file, Problems problems) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(0);
        options.setNestingDepthLimit(20);
        try {
            Node node = new Yaml(options).compose(new StringReader(file.text()));
            if (node instanceof MappingNode mapping) {
                return Optional.of(new YamlMap(file, mapping, problems));
            }
            problems.add(
                    CONFIGURATION_INVALID,
                    file.at(1, 1),
                    file.path() + " holds no settings.",
                    "Write keys and values, one to a line: key: value.");
        } catch (MarkedYAMLException e) {
            problems.add(
                    CONFIGURATION_INVALID,
                    e.getProblemMark() == null ? file.at(1, 1) : at(file, e.getProblemMark()),
                    file.path() + " is not YAML: " + e.getProblem() + ".",
                    "Check indentation, colons and quotes at that place.");
        } catch (YAMLException e) {
            problems.add(
                    CONFIGURATION_INVALID,
                    file.at(1, 1),
                    file.path()
                            + " is nested too deeply, uses an alias of a list, or holds a character that YAML forbids.",
                    "Write it plainly.");
        }
        return Optional.empty();
    }

    public SourcePosition position() {
        return position;
    }

    /** Where the value of {@code key} stands, or this mapping when the key is missing. */
    public SourcePosition position(String key) {
        NodeTuple entry = entries.get(key);
        return entry == null ? position : at(file, entry.getValueNode().getStartMark());
    }

    /** Where {@code key} itself stands. */
    public SourcePosition keyPosition(String key) {
        NodeTuple entry = entries.get(key);
        return entry == null ? position : at(file, entry.getKeyNode().getStartMark());
    }

    public boolean has(String key) {
        return entries.containsKey(key);
    }

    /** Whether the value of {@code key} is written as none. */
    public boolean isNull(String key) {
        return value(key) instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
    }

    /** Whether the value of {@code key} is a list. */
    public boolean isList(String key) {
        return value(key) instanceof SequenceNode;
    }

    /** Keys in the order of the file. */
    public List<String> keys() {
        return List.copyOf(entries.keySet());
    }

    /** Notes every key that is none of {@code known}. */
    public YamlMap allow(String... known) {
        List<String> names = List.of(known);
        for (Map.Entry<String, NodeTuple> entry : entries.entrySet()) {
            if (!names.contains(entry.getKey())) {
                problem(
                        entry.getValue().getKeyNode(),
                        "'" + entry.getKey() + "' is not a setting that Tarn reads here.",
                        Nearest.sentence(entry.getKey(), names, "Possible here: " + String.join(", ", names) + "."));
            }
        }
        return this;
    }

    /** The text of {@code key}; a missing key is noted. */
    public Optional<String> required(String key) {
        if (!has(key)) {
            missing(key);
            return Optional.empty();
        }
        return text(key);
    }

    /** The text of {@code key}, empty when it is missing. */
    public Optional<String> text(String key) {
        Node node = value(key);
        if (node == null) {
            return Optional.empty();
        }
        Optional<String> text = scalar(node);
        if (text.isEmpty()) {
            problem(node, "'" + key + "' needs a single value.", "Write " + key + ": value.");
        }
        return text;
    }

    /** The texts of the list {@code key}; a missing list is empty. */
    public List<String> texts(String key) {
        List<String> texts = new ArrayList<>();
        for (Node node : nodes(key)) {
            scalar(node)
                    .ifPresentOrElse(
                            texts::add,
                            () -> problem(node, "'" + key + "' takes single values.", "Write " + key + ": [a, b]."));
        }
        return texts;
    }

    /** The mapping {@code key}; a missing one is noted when {@code required}. */
    public Optional<YamlMap> map(String key, boolean required) {
        Node node = value(key);
        if (node instanceof MappingNode mapping) {
            return Optional.of(new YamlMap(file, mapping, problems));
        }
        if (node != null) {
            problem(node, "'" + key + "' needs settings of its own.", "Write them below " + key + ", indented.");
        } else if (required) {
            missing(key);
        }
        return Optional.empty();
    }

    /** The mappings of the list {@code key}; a missing list is noted. */
    public List<YamlMap> maps(String key) {
        if (!has(key)) {
            missing(key);
        }
        List<YamlMap> maps = new ArrayList<>();
        for (Node node : nodes(key)) {
            if (node instanceof MappingNode mapping) {
                maps.add(new YamlMap(file, mapping, problems));
            } else {
                problem(node, "Every entry of '" + key + "' needs settings of its own.", "Write - name: value.");
            }
        }
        return maps;
    }

    /** The duration of {@code key}: {@code 30s}, {@code 5m}, {@code 1h}, {@code 2d}. */
    public Optional<Duration> duration(String key) {
        return text(key).flatMap(text -> {
            Matcher matcher = DURATION.matcher(text);
            if (!matcher.matches()) {
                return invalid(key, "'" + key + "' is no duration.", "Write 30s, 5m, 1h or 2d.");
            }
            long amount = Long.parseLong(matcher.group(1));
            return Optional.of(
                    switch (matcher.group(2)) {
                        case "s" -> Duration.ofSeconds(amount);
                        case "m" -> Duration.ofMinutes(amount);
                        case "h" -> Duration.ofHours(amount);
                        default -> Duration.ofDays(amount);
                    });
        });
    }

    /** The secrets that the list {@code key} names, at least one; as {@link #secret} otherwise. */
    public List<SecretRef> secrets(String key) {
        if (!has(key)) {
            missing(key);
            return List.of();
        }
        List<SecretRef> secrets = new ArrayList<>();
        for (Node node : nodes(key)) {
            scalar(node)
                    .flatMap(SecretRef::tryParse)
                    .ifPresentOrElse(secrets::add, () -> refuseSecret(key, at(file, node.getStartMark())));
        }
        if (isList(key) && nodes(key).isEmpty()) {
            invalid(key, "'" + key + "' names no secret.", "Write " + key + ": [ \"${secret:some-name}\" ].");
        }
        return secrets;
    }

    /** The secret that {@code key} names. Anything else is refused without being repeated: it may be the secret itself. */
    public Optional<SecretRef> secret(String key) {
        return required(key).flatMap(text -> {
            Optional<SecretRef> secret = SecretRef.tryParse(text);
            if (secret.isEmpty()) {
                refuseSecret(key, position(key));
            }
            return secret;
        });
    }

    private void refuseSecret(String key, SourcePosition at) {
        problems.add(
                SECRET_INVALID,
                at,
                "'" + key + "' must name a secret and holds something else.",
                "Write ${secret:some-name} and keep the value out of the project; change a password that stood here.");
    }

    /** Notes that the value of {@code key} is wrong. */
    public <T> Optional<T> invalid(String key, String what, String mend) {
        problems.add(CONFIGURATION_INVALID, position(key), what, mend);
        return Optional.empty();
    }

    private void missing(String key) {
        problems.add(CONFIGURATION_INVALID, position, "'" + key + "' is missing.", "Add " + key + " here.");
    }

    private @Nullable Node value(String key) {
        NodeTuple entry = entries.get(key);
        return entry == null ? null : entry.getValueNode();
    }

    private List<Node> nodes(String key) {
        Node node = value(key);
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        if (node != null) {
            problem(node, "'" + key + "' needs a list.", "Write its entries below " + key + ", each after a dash.");
        }
        return List.of();
    }

    private static Optional<String> scalar(Node node) {
        return node instanceof ScalarNode scalar && PLAIN.contains(scalar.getTag())
                ? Optional.of(scalar.getValue())
                : Optional.empty();
    }

    private void problem(Node node, String what, String mend) {
        problems.add(CONFIGURATION_INVALID, at(file, node.getStartMark()), what, mend);
    }

    private static SourcePosition at(ProjectFile file, Mark mark) {
        return file.at(mark.getLine() + 1, mark.getColumn() + 1);
    }
}
