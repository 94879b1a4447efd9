package dev.tarn.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.OutputBinding;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A method whose parameters are matched to bindings: by the name in their annotation, as the worker does it. */
record LoadedFunction(Class<?> type, Method method) {

    private static final String ANNOTATIONS = "com.microsoft.azure.functions.annotation.";

    /** @param bindings data types by the name of the binding; each has its parameter, else the method is refused */
    static LoadedFunction of(ClassLoader app, String entryPoint, Map<String, String> bindings)
            throws ReflectiveOperationException {
        int dot = entryPoint.lastIndexOf('.');
        Class<?> type = Class.forName(entryPoint.substring(0, dot), false, app);
        List<Method> named = Arrays.stream(type.getMethods())
                .filter(method -> method.getDeclaringClass() == type)
                .filter(method -> method.getName().equals(entryPoint.substring(dot + 1)))
                .toList();
        if (named.size() != 1) {
            throw new NoSuchMethodException(entryPoint + " is " + named.size() + " methods");
        }
        Method method = named.get(0);
        Set<String> bound = new HashSet<>();
        for (Parameter parameter : method.getParameters()) {
            Optional<String> name = annotated(parameter, "name");
            if (name.isPresent()) {
                check(parameter, name.get(), Optional.ofNullable(bindings.get(name.get())));
                bound.add(name.get());
            }
        }
        if (!bound.equals(bindings.keySet())) {
            throw new IllegalStateException(method + " takes " + bound + ", function.json binds " + bindings.keySet());
        }
        return new LoadedFunction(type, method);
    }

    private static void check(Parameter parameter, String name, Optional<String> dataType) {
        Class<?> expected =
                switch (dataType.orElse("string")) {
                    case "http" -> HttpRequestMessage.class;
                    case "out" -> OutputBinding.class;
                    case "binary" -> byte[].class;
                    default -> String.class;
                };
        if (parameter.getType() != expected) {
            throw new IllegalStateException(
                    "the binding " + name + " yields " + expected + ", its parameter takes " + parameter.getType());
        }
    }

    @Nullable
    Object call(Object instance, ExecutionContext context, Map<String, byte[]> values)
            throws ReflectiveOperationException {
        Map<String, Output> outputs = new TreeMap<>();
        Object[] arguments = Arrays.stream(method.getParameters())
                .map(parameter -> parameter.getType() == OutputBinding.class
                        ? outputs.computeIfAbsent(annotated(parameter, "name").orElseThrow(), name -> new Output())
                        : argument(parameter, context, values))
                .toArray();
        Object answer = method.invoke(instance, arguments);
        return answer != null || outputs.isEmpty() ? answer : lines(outputs);
    }

    private static String lines(Map<String, Output> outputs) {
        return outputs.entrySet().stream()
                .flatMap(output -> output.getValue().lines().map(line -> output.getKey() + " " + line + "\n"))
                .collect(Collectors.joining());
    }

    private static Object argument(Parameter parameter, ExecutionContext context, Map<String, byte[]> values) {
        if (parameter.getType() == ExecutionContext.class) {
            return context;
        }
        String name = annotated(parameter, "name")
                .or(() -> annotated(parameter, "value"))
                .orElseThrow(() -> new IllegalStateException("nothing is bound to " + parameter));
        byte[] value = values.get(name);
        if (value == null) {
            throw new IllegalStateException("the call brings no " + name);
        }
        if (parameter.getType() == HttpRequestMessage.class) {
            return request(values, new String(value, UTF_8));
        }
        return parameter.getType() == byte[].class ? value : new String(value, UTF_8);
    }

    /** Headers and parameters of the query come as values of their own. */
    private static Request request(Map<String, byte[]> values, String content) {
        return new Request(HttpMethod.GET, named(values, "header."), named(values, "query."), content);
    }

    private static Map<String, String> named(Map<String, byte[]> values, String prefix) {
        return values.entrySet().stream()
                .filter(value -> value.getKey().startsWith(prefix))
                .collect(Collectors.toMap(
                        value -> value.getKey().substring(prefix.length()),
                        value -> new String(value.getValue(), UTF_8)));
    }

    /** What a trigger's or binding's annotation says under {@code key}: its name, or the metadata that it wants. */
    private static Optional<String> annotated(Parameter parameter, String key) {
        return Arrays.stream(parameter.getAnnotations())
                .filter(annotation -> annotation.annotationType().getName().startsWith(ANNOTATIONS))
                .flatMap(annotation -> text(annotation, key))
                .findFirst();
    }

    private static Stream<String> text(Annotation annotation, String key) {
        try {
            return Stream.of((String) annotation.annotationType().getMethod(key).invoke(annotation));
        } catch (NoSuchMethodException absent) {
            return Stream.empty();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
