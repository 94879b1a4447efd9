package dev.tarn.engine.delta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.storage.Fault;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** Starts processes that are halted, with as little ado as there can be: the classes of the first are kept for the others. */
public final class HaltingChildren {

    private final Path folder;
    private final Class<?> work;
    private final Path archive;
    private final String classPath;
    private final AtomicInteger children = new AtomicInteger();

    /**
     * @param work whose main method gets a workspace and then arguments
     * @param never arguments with which it works and is not halted
     */
    public HaltingChildren(Path folder, Class<?> work, List<String> never) throws IOException, InterruptedException {
        this.folder = folder;
        this.work = work;
        classPath = ofJars();
        archive = folder.resolve("classes.jsa");
        Path classes = folder.resolve("classes.txt");
        assertThat(child("-XX:DumpLoadedClassList=" + classes, never)).isFalse();
        // From a list, by a process that does nothing else: one that has worked may crash when it keeps its own
        // classes.
        // Where none are kept, children start all the same, only later.
        run(
                "-Xshare:dump",
                "-XX:SharedClassListFile=" + classes,
                "-XX:SharedArchiveFile=" + archive,
                "-XX:ErrorFile=" + folder.resolve("error"),
                "-cp",
                classPath);
    }

    /**
     * This process's class path, with a jar for each folder, since classes are kept of jars only, and DuckDB's library beside
     * its jar, where it is opened in place: each child would copy it to the disk and, halted, leave it there.
     */
    private String ofJars() throws IOException {
        List<String> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path place = Path.of(entry);
            if (place.getFileName().toString().startsWith("duckdb_jdbc")) {
                jars.add(withoutLibraries(place, Files.createDirectory(folder.resolve("duckdb")))
                        .toString());
            } else if (Files.isRegularFile(place)) {
                jars.add(entry);
            } else if (Files.isDirectory(place)) {
                jars.add(jar(place, folder.resolve("classes-" + jars.size() + ".jar"))
                        .toString());
            }
        }
        return String.join(File.pathSeparator, jars);
    }

    private static Path withoutLibraries(Path jar, Path folder) throws IOException {
        Path slim = folder.resolve(jar.getFileName());
        try (JarFile whole = new JarFile(jar.toFile());
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(slim))) {
            for (JarEntry entry : Collections.list(whole.entries())) {
                try (InputStream in = whole.getInputStream(entry)) {
                    if (entry.getName().startsWith("libduckdb_java")) {
                        Files.copy(in, folder.resolve(entry.getName()));
                    } else {
                        out.putNextEntry(new JarEntry(entry.getName()));
                        in.transferTo(out);
                        out.closeEntry();
                    }
                }
            }
        }
        return slim;
    }

    private static Path jar(Path classes, Path jar) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = classes.relativize(file).toString().replace(File.separatorChar, '/');
                if (!name.startsWith("META-INF/MANIFEST")) {
                    out.putNextEntry(new JarEntry(name));
                    Files.copy(file, out);
                    out.closeEntry();
                }
            }
        }
        return jar;
    }

    /** Works in a process of its own; whether that was halted. */
    public boolean halts(List<String> arguments) throws IOException, InterruptedException {
        return child("-XX:SharedArchiveFile=" + archive, arguments);
    }

    private boolean child(String flag, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                flag,
                "-Xshare:auto",
                "-Xlog:cds=off",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:ErrorFile=" + folder.resolve("error"),
                "-cp",
                classPath,
                work.getName(),
                folder.resolve("child-" + children.incrementAndGet()).toString()));
        command.addAll(arguments);
        Child child = run(command.toArray(String[]::new));
        assertThat(child.exitCode()).as(arguments + ": " + child.said()).isIn(0, Fault.Halt.EXIT_CODE);
        return child.exitCode() == Fault.Halt.EXIT_CODE;
    }

    private record Child(int exitCode, String said) {}

    private static Child run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Child(process.waitFor(), said);
    }
}
