package dev.tarn.worker;

import com.microsoft.azure.functions.internal.spi.middleware.Middleware;
import com.microsoft.azure.functions.internal.spi.middleware.MiddlewareChain;
import com.microsoft.azure.functions.internal.spi.middleware.MiddlewareContext;
import com.microsoft.azure.functions.spi.inject.FunctionInstanceInjector;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Loads functions and calls them: one class loader over the jar, the jars of {@code lib} beside it and the annotation
 * library, below everything that the process has itself.
 */
final class FunctionBroker {

    private final Path annotationLibrary;
    private final Map<String, LoadedFunction> functions = new HashMap<>();
    private @Nullable App app;

    FunctionBroker(Path annotationLibrary) {
        this.annotationLibrary = annotationLibrary;
    }

    private record App(ClassLoader classes, List<Middleware> middlewares, FunctionInstanceInjector injector) {}

    /**
     * @param jar the script file of the function
     * @param bindings data types by the name of the binding
     */
    void load(String function, Path jar, String entryPoint, Map<String, String> bindings)
            throws ReflectiveOperationException, IOException {
        functions.put(function, LoadedFunction.of(app(jar).classes, entryPoint, bindings));
    }

    /**
     * @param values of inputs and of the trigger's metadata, by name
     * @return what the function answers, null when that is nothing
     */
    @Nullable
    Object invoke(String function, Map<String, byte[]> values) throws Exception {
        App loaded = app;
        LoadedFunction target = functions.get(function);
        if (loaded == null || target == null) {
            throw new IllegalStateException(function + " is not loaded");
        }
        Iterator<Middleware> middlewares = loaded.middlewares.iterator();
        AtomicReference<@Nullable Object> answer = new AtomicReference<>();
        MiddlewareChain chain = new MiddlewareChain() {
            @Override
            public void doNext(MiddlewareContext context) throws Exception {
                if (middlewares.hasNext()) {
                    middlewares.next().invoke(context, this);
                } else {
                    answer.set(call(loaded, target, context, values));
                }
            }
        };
        chain.doNext(Invocation.of(function));
        return answer.get();
    }

    private static @Nullable Object call(
            App app, LoadedFunction target, MiddlewareContext context, Map<String, byte[]> values) throws Exception {
        Thread thread = Thread.currentThread();
        thread.setContextClassLoader(app.classes);
        try {
            return target.call(app.injector.getInstance(target.type()), context, values);
        } finally {
            thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        }
    }

    private App app(Path jar) throws IOException {
        if (app == null) {
            ClassLoader classes = new URLClassLoader(jars(jar));
            Thread thread = Thread.currentThread();
            thread.setContextClassLoader(classes);
            try {
                List<Middleware> middlewares = services(Middleware.class);
                app = new App(
                        classes,
                        middlewares,
                        services(FunctionInstanceInjector.class).get(0));
            } finally {
                thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
            }
        }
        return app;
    }

    private static <T> List<T> services(Class<T> type) {
        return ServiceLoader.load(type).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    private URL[] jars(Path jar) throws IOException {
        try (Stream<Path> lib = Files.list(jar.resolveSibling("lib"))) {
            return Stream.concat(Stream.of(jar, annotationLibrary), lib.filter(file -> file.toString()
                            .endsWith(".jar")))
                    .map(FunctionBroker::url)
                    .toArray(URL[]::new);
        }
    }

    private static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }
}
