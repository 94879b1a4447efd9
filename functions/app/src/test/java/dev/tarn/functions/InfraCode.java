package dev.tarn.functions;

import com.microsoft.azure.functions.annotation.BlobInput;
import com.microsoft.azure.functions.annotation.BlobOutput;
import com.microsoft.azure.functions.annotation.BlobTrigger;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.QueueOutput;
import com.microsoft.azure.functions.annotation.QueueTrigger;
import com.microsoft.azure.functions.annotation.TimerTrigger;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the app's classes ask of the infrastructure, by their annotations and settings. */
final class InfraCode {

    private static final Pattern SETTING = Pattern.compile("%(\\w+)%");
    private static final Pattern OWN = Pattern.compile("\"(TARN_[A-Z0-9_]*[A-Z0-9])\"");

    private final Map<String, Method> functions = new TreeMap<>();

    static InfraCode compiled() throws IOException, ReflectiveOperationException {
        InfraCode code = new InfraCode();
        Path classes = Path.of(URI.create(TarnConfig.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toString()));
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(path -> path.toString().matches("[^$]+(?<!-info)\\.class"))
                    .toList()) {
                String name = classes.relativize(file).toString().replace('/', '.');
                code.add(Class.forName(
                        name.substring(0, name.length() - ".class".length()), false, InfraCode.class.getClassLoader()));
            }
        }
        return code;
    }

    private void add(Class<?> candidate) {
        for (Method method : candidate.getDeclaredMethods()) {
            FunctionName name = method.getAnnotation(FunctionName.class);
            if (name != null) {
                functions.put(name.value(), method);
            }
        }
    }

    Set<String> functions() {
        return functions.keySet();
    }

    /** The containers whose blobs wake a function, by function. */
    Map<String, String> woken() {
        Map<String, String> woken = new TreeMap<>();
        functions.forEach((name, method) -> annotations(method)
                .filter(BlobTrigger.class::isInstance)
                .forEach(trigger ->
                        woken.put(name, ((BlobTrigger) trigger).path().split("/")[0])));
        return woken;
    }

    /** Where blob triggers have their events from; on Flex Consumption nothing but {@code EventGrid} works. */
    Set<String> sources() {
        return annotations()
                .filter(BlobTrigger.class::isInstance)
                .map(trigger -> ((BlobTrigger) trigger).source())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    Set<String> queues() {
        Stream<String> read = annotations()
                .filter(QueueTrigger.class::isInstance)
                .map(trigger -> ((QueueTrigger) trigger).queueName());
        Stream<String> written =
                annotations().filter(QueueOutput.class::isInstance).map(output -> ((QueueOutput) output).queueName());
        return Stream.concat(read, written).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The prefixes of the settings that say how a trigger reaches its storage. */
    Set<String> connections() {
        return annotations()
                .flatMap(annotation -> Stream.of(connection(annotation)))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String connection(Annotation annotation) {
        if (annotation instanceof BlobTrigger trigger) {
            return trigger.connection();
        } else if (annotation instanceof QueueTrigger trigger) {
            return trigger.connection();
        } else if (annotation instanceof QueueOutput output) {
            return output.connection();
        } else if (annotation instanceof BlobInput input) {
            return input.connection();
        } else if (annotation instanceof BlobOutput output) {
            return output.connection();
        }
        return "";
    }

    /** The settings that hold the schedules of timers. */
    Set<String> schedules() {
        return annotations()
                .filter(TimerTrigger.class::isInstance)
                .map(trigger -> SETTING.matcher(((TimerTrigger) trigger).schedule()))
                .filter(Matcher::matches)
                .map(setting -> setting.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Names of the settings that {@link TarnConfig} declares, as variables of the environment. */
    static Set<String> configured() {
        return configured(TarnConfig.class, "TARN_").collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> configured(Class<?> group, String prefix) {
        return Arrays.stream(group.getMethods()).flatMap(setting -> {
            String name =
                    prefix + setting.getName().replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
            Class<?> type = setting.getReturnType();
            return type.getEnclosingClass() == TarnConfig.class ? configured(type, name + "_") : Stream.of(name);
        });
    }

    /** The settings above, and those that a class names in a text. */
    static Set<String> settings() throws IOException {
        Set<String> settings = configured();
        try (Stream<Path> files = Files.walk(InfraTemplates.FOLDER.resolveSibling("functions/app/src/main/java"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                OWN.matcher(Files.readString(file)).results().forEach(name -> settings.add(name.group(1)));
            }
        }
        return settings;
    }

    private Stream<Annotation> annotations() {
        return functions.values().stream().flatMap(InfraCode::annotations);
    }

    private static Stream<Annotation> annotations(Method method) {
        return Stream.concat(
                Arrays.stream(method.getAnnotations()),
                Arrays.stream(method.getParameterAnnotations()).flatMap(Arrays::stream));
    }
}
