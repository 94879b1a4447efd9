package dev.tarn.functions;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * Loads the packaged app as the Java worker of Azure Functions does: one class loader over its jars, above it the
 * worker's own copy of the functions library, and instances from the injector that the app brings.
 */
final class FunctionWorker implements AutoCloseable {

    private static final String INJECTOR = "com.microsoft.azure.functions.spi.inject.FunctionInstanceInjector";
    private static final String CONTEXT = "com.microsoft.azure.functions.ExecutionContext";

    /** One type of each jar that the worker has itself. */
    private static final List<String> LIBRARY =
            List.of(INJECTOR, CONTEXT, "com.microsoft.azure.functions.annotation.FunctionName");

    private final URLClassLoader library;
    private final URLClassLoader app;
    private final ClassLoader before = Thread.currentThread().getContextClassLoader();

    FunctionWorker(Path packaged, Path lake, Path workspace) throws IOException, ClassNotFoundException {
        System.setProperty("tarn.lake", lake.toUri().toString());
        System.setProperty("tarn.memory", "512M");
        System.setProperty("tarn.disk", "256M");
        System.setProperty("tarn.workspace", workspace.toString());
        library = new URLClassLoader(functionsLibrary(), ClassLoader.getPlatformClassLoader());
        app = new URLClassLoader(jars(packaged), library);
        Thread.currentThread().setContextClassLoader(app);
    }

    private static URL[] functionsLibrary() throws ClassNotFoundException {
        List<URL> jars = new ArrayList<>();
        for (String type : LIBRARY) {
            jars.add(Class.forName(type).getProtectionDomain().getCodeSource().getLocation());
        }
        return jars.toArray(URL[]::new);
    }

    private static URL[] jars(Path packaged) throws IOException {
        try (Stream<Path> runner = Files.list(packaged);
                Stream<Path> lib = Files.list(packaged.resolve("lib"))) {
            return Stream.concat(runner, lib)
                    .filter(file -> file.toString().endsWith(".jar"))
                    .map(FunctionWorker::url)
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

    /** Calls the function of that class; its last parameter is the context. */
    void invoke(String function, Object... arguments) throws ReflectiveOperationException {
        Class<?> type = app.loadClass(function);
        Method run = Arrays.stream(type.getDeclaredMethods())
                .filter(method -> method.getName().equals("run"))
                .findFirst()
                .orElseThrow();
        Object[] all =
                Stream.concat(Arrays.stream(arguments), Stream.of(context())).toArray();
        run.invoke(instance(type), all);
    }

    private Object instance(Class<?> type) throws ReflectiveOperationException {
        Class<?> injector = app.loadClass(INJECTOR);
        List<?> injectors = ServiceLoader.load(injector, app).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        return injector.getMethod("getInstance", Class.class).invoke(injectors.get(0), type);
    }

    private Object context() throws ClassNotFoundException {
        return Proxy.newProxyInstance(
                library,
                new Class<?>[] {library.loadClass(CONTEXT)},
                (proxy, method, arguments) -> method.getReturnType() == Logger.class
                        ? Logger.getLogger(FunctionWorker.class.getName())
                        : method.getName());
    }

    @Override
    public void close() throws IOException {
        Thread.currentThread().setContextClassLoader(before);
        app.close();
        library.close();
    }
}
