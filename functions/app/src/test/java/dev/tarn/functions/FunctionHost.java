package dev.tarn.functions;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.spi.inject.FunctionInstanceInjector;
import dev.tarn.worker.FunctionWorker;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The host of functions, seen from the worker that it starts: reads what each folder declares, has it loaded and called. */
final class FunctionHost implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path app;
    private final Path errors;
    private final Process worker;
    private final PrintStream requests;
    private final BufferedReader answers;

    /**
     * Starts a worker for the app and waits until it listens.
     *
     * @param app folder of the unpacked zip
     * @param scratch an empty folder for the worker's class files and what it says
     * @param settings of the app, as environment variables
     * @param flags of the JVM
     */
    FunctionHost(Path app, Path scratch, Map<String, String> settings, String... flags) throws IOException {
        this.app = app;
        this.errors = scratch.resolve("worker.err");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(flags));
        command.addAll(List.of(
                "-cp",
                Stream.of(
                                classFiles(scratch.resolve("worker")),
                                codeOf(ExecutionContext.class),
                                codeOf(FunctionInstanceInjector.class))
                        .map(Path::toString)
                        .collect(Collectors.joining(File.pathSeparator)),
                FunctionWorker.class.getName(),
                codeOf(FunctionName.class).toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("TARN_") || name.contains("JAVA"));
        builder.environment().putAll(settings);
        this.worker = builder.start();
        this.requests = new PrintStream(worker.getOutputStream(), true, UTF_8);
        this.answers = worker.inputReader(UTF_8);
        expect("started");
    }

    /** The worker's class files alone: beside them lie tests and what tests need, which no worker has. */
    private static Path classFiles(Path target) throws IOException {
        Path source = codeOf(FunctionWorker.class);
        Path folder = Path.of(FunctionWorker.class.getPackageName().replace('.', '/'));
        Files.createDirectories(target.resolve(folder));
        try (Stream<Path> files = Files.list(source.resolve(folder))) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(source.relativize(file)));
            }
        }
        return target;
    }

    private static Path codeOf(Class<?> type) {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
    }

    /** What the folders of the app declare, by the name of the function. */
    static Map<String, JsonNode> functions(Path app) throws IOException {
        Map<String, JsonNode> functions = new TreeMap<>();
        try (Stream<Path> folders = Files.list(app)) {
            for (Path folder : folders.toList()) {
                Path declared = folder.resolve("function.json");
                if (Files.exists(declared)) {
                    functions.put(folder.getFileName().toString(), JSON.readTree(declared.toFile()));
                }
            }
        }
        return functions;
    }

    void load(String function) throws IOException {
        JsonNode declared = functions(app).get(function);
        Path script = app.resolve(function)
                .resolve(declared.get("scriptFile").asText())
                .normalize();
        String bindings = StreamSupport.stream(declared.get("bindings").spliterator(), false)
                .filter(binding -> !binding.get("name").asText().equals("$return"))
                .map(binding -> "\t" + binding.get("name").asText() + "=" + dataType(binding))
                .collect(Collectors.joining());
        requests.println("load\t" + function + "\t" + script + "\t"
                + declared.get("entryPoint").asText() + bindings);
        expect("done");
    }

    private static String dataType(JsonNode binding) {
        if (binding.get("direction").asText().equalsIgnoreCase("out")) {
            return "out";
        }
        return binding.get("type").asText().equals("httpTrigger")
                ? "http"
                : binding.path("dataType").asText("string");
    }

    /**
     * @param values of inputs and of the trigger's metadata, by name; of a request over HTTP its body and, named
     *     {@code header.…} and {@code query.…}, what else it says
     * @return of a request, the status and the body; of what else a function hands out a line each, after the name of the
     *     binding
     */
    String invoke(String function, Map<String, byte[]> values) throws IOException {
        String fields = values.entrySet().stream()
                .map(value -> "\t" + value.getKey() + "=" + Base64.getEncoder().encodeToString(value.getValue()))
                .collect(Collectors.joining());
        requests.println("invoke\t" + function + fields);
        return expect("done");
    }

    /** What the worker and the app have logged. */
    String log() throws IOException {
        return Files.readString(errors);
    }

    /** As {@link #log}, once it holds the text: what is logged beside the calls may come a moment after their answers. */
    String logUntil(String text) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!log().contains(text) && System.nanoTime() < end) {
            worker.waitFor(50, TimeUnit.MILLISECONDS);
        }
        return log();
    }

    /** Most memory that the worker held so far, as the kernel counts it; empty where the kernel does not tell. */
    OptionalLong peakMegabytes() throws IOException {
        Path status = Path.of("/proc/" + worker.pid() + "/status");
        return Files.exists(status)
                ? Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("VmHWM"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024)
                        .findFirst()
                : OptionalLong.empty();
    }

    private String expect(String answer) throws IOException {
        String line = answers.readLine();
        if (line == null || !line.split("\t")[0].equals(answer)) {
            String failure = line == null ? "it ended" : new String(decoded(line), UTF_8);
            throw new IllegalStateException("the worker failed: " + failure + "\n" + log());
        }
        return line.contains("\t") ? new String(decoded(line), UTF_8) : "";
    }

    private static byte[] decoded(String line) {
        return Base64.getDecoder().decode(line.substring(line.indexOf('\t') + 1));
    }

    @Override
    public void close() throws IOException {
        requests.close();
        answers.close();
        try {
            worker.waitFor();
        } catch (InterruptedException e) {
            worker.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
