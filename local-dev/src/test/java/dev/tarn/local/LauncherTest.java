package dev.tarn.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code local-dev/tarn}, as a user starts it. */
class LauncherTest {

    private static final Path SCRIPT = Path.of("tarn").toAbsolutePath();

    @TempDir
    private Path folder;

    /** A repository in which the launcher finds itself already built, from the classes of this test. */
    private Path repository;

    /** What a process said and how it ended. */
    private record Ended(int exitCode, String said) {}

    /** The commands that the launcher needs, and none besides. */
    private Path tools;

    @BeforeEach
    void build() throws IOException {
        repository = folder.resolve("repository");
        Path target = Files.createDirectories(repository.resolve("local-dev/target"));
        Files.copy(SCRIPT, repository.resolve("local-dev/tarn"), StandardCopyOption.COPY_ATTRIBUTES);
        for (String part : List.of(
                "shared-model/src/main",
                "build/azurite",
                "functions/engine",
                "functions/compiler",
                "functions/connect")) {
            Files.createDirectories(repository.resolve(part));
        }
        Files.writeString(repository.resolve("functions/pom.xml"), "<project/>");
        Files.writeString(repository.resolve("pom.xml"), "<project/>");
        putClassPath(Files.createDirectories(target.resolve("lib")));
        Files.writeString(target.resolve(".built"), "");
        tools = Files.createDirectories(folder.resolve("tools"));
        for (String tool : List.of(
                "bash",
                "dirname",
                "env",
                "find",
                "grep",
                "head",
                "mkdir",
                "mv",
                "readlink",
                "rm",
                "sed",
                "tee",
                "touch",
                "uname")) {
            Path real = Stream.of("/bin", "/usr/bin")
                    .map(bin -> Path.of(bin, tool))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow();
            script(tools.resolve(tool), "exec " + real + " \"$@\"");
        }
        Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(folder.resolve("bin/tarn"), Path.of("../repository/local-dev/tarn"));
    }

    /** A jar that stands for all jars of this test's class path. */
    private static void putClassPath(Path lib) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Arrays.stream(classPath.split(File.pathSeparator))
                                .map(entry -> Path.of(entry).toUri().toString())
                                .collect(Collectors.joining(" ")));
        new JarOutputStream(Files.newOutputStream(lib.resolve("all.jar")), manifest).close();
    }

    private static void script(Path file, String... lines) throws IOException {
        Files.writeString(file, "#!/bin/bash\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(folder.resolve("bin/tarn").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        builder.environment().values().removeIf(String::isEmpty);
        return builder.start();
    }

    private Ended run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        Process process = start(environment, arguments);
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Ended(process.waitFor(), said);
    }

    @Test
    void argumentsAndExitCodeArePassedOnThroughALink() throws Exception {
        assertThat(run(Map.of(), "--version")).isEqualTo(new Ended(0, "tarn (not packaged)\n"));
        assertThat(run(Map.of(), "init", "a folder", "--format=json").said())
                .startsWith("{\"project\":\"" + folder.resolve("a folder") + "\",");
        assertThat(run(Map.of(), "chekc"))
                .isEqualTo(new Ended(2, "USAGE  Unknown command or argument chekc of tarn.\n    Nearest: check.\n"));
    }

    @Test
    void withoutAJdkItSaysHowToGetOne() throws Exception {
        assertThat(run(Map.of("JAVA_HOME", "/nowhere"), "--version"))
                .isEqualTo(
                        new Ended(
                                2,
                                """
                BUILD_TOOL_MISSING  JAVA_HOME names no JDK: /nowhere/bin/java does not exist.
                    Set JAVA_HOME to a JDK 17 or newer, or unset it to use the java on PATH.
                """));
        assertThat(run(Map.of("JAVA_HOME", "", "PATH", tools.toString()), "--version"))
                .isEqualTo(
                        new Ended(
                                2,
                                """
                BUILD_TOOL_MISSING  Tarn needs a JDK 17 or newer, and there is no java on PATH.
                    Install one (Debian, Ubuntu, WSL2: apt install openjdk-17-jdk; macOS: brew install openjdk@17), or set JAVA_HOME.
                """));
    }

    @Test
    void anOldJdkIsRefused() throws Exception {
        script(tools.resolve("java"), "echo 'openjdk version \"1.8.0_402\"' >&2");

        assertThat(run(Map.of("JAVA_HOME", "", "PATH", tools.toString()), "--version"))
                .isEqualTo(new Ended(
                        2,
                        """
                BUILD_TOOL_MISSING  Tarn needs a JDK 17 or newer; %s is 8.
                    Install a newer one, or set JAVA_HOME to it.
                """
                                .formatted(tools.resolve("java"))));
    }

    @Test
    void withoutMavenItSaysHowToGetIt() throws Exception {
        Files.delete(repository.resolve("local-dev/target/.built"));

        assertThat(run(Map.of("PATH", tools.toString()), "--version"))
                .isEqualTo(
                        new Ended(
                                2,
                                """
                BUILD_TOOL_MISSING  Tarn is not built yet, and there is no mvn on PATH to build it.
                    Install Maven 3.9 (Debian, Ubuntu, WSL2: apt install maven; macOS: brew install maven).
                """));
    }

    @Test
    void itIsBuiltWhenASourceIsNewerAndThenNoMore() throws Exception {
        Path built = folder.resolve("all.jar");
        Files.copy(repository.resolve("local-dev/target/lib/all.jar"), built);
        script(
                tools.resolve("mvn"),
                "echo '[INFO] Building Tarn: the words 0.1 [1/1]'",
                "mkdir -p local-dev/target/lib",
                "mv " + built + " local-dev/target/lib/all.jar");
        Path source = repository.resolve("shared-model/src/main/A.java");
        Files.writeString(source, "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(1)));

        Ended first = run(Map.of("PATH", tools.toString()), "--version");
        assertThat(first.said())
                .isEqualTo(
                        """
                Building Tarn: something it is made of is newer than the last build.
                  Building Tarn: the words 0.1 [1/1]
                tarn (not packaged)
                """);
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().minusSeconds(60)));
        assertThat(run(Map.of("PATH", tools.toString()), "--version").said()).isEqualTo("tarn (not packaged)\n");
    }

    @Test
    void aBuildThatFailsShowsItsErrors() throws Exception {
        Files.delete(repository.resolve("local-dev/target/.built"));
        script(
                tools.resolve("mvn"),
                "echo '[INFO] Building Tarn: the words 0.1'",
                "echo '[ERROR] no network'",
                "exit 1");

        assertThat(run(Map.of("PATH", tools.toString()), "--version"))
                .isEqualTo(new Ended(
                        1,
                        """
                Building Tarn. The first start takes a few minutes, most of it downloads.
                  Building Tarn: the words 0.1
                [ERROR] no network
                BUILD_FAILED  Tarn could not be built; the whole log is %s.
                    Mend what the lines above name, then start again.
                """
                                .formatted(repository.resolve("local-dev/target/build.log"))));
    }

    @Test
    void theSampleRunsFromOdooToSupabaseWithNothingPrepared() throws Exception {
        Ended first = run(Map.of(), "up", "--once", "--rows", "200");

        assertThat(first.exitCode()).as(first.said()).isZero();
        assertThat(first.said())
                .contains(
                        "Odoo    demo-odoo (19.0), 2 companies (PHP, USD)", "Project .lake/project", "All settled in ")
                .contains("Ledger and invoices agree (gold.control_revenue).");
        assertThat(run(Map.of(), "up", "--once").said()).contains("Nothing new");
    }

    @Test
    @Tag("full")
    void sigtermStopsTheWholeProcessTreeWithinSeconds() throws Exception {
        Process process = start(Map.of(), "up", "--rows", "100", "--port", "0", "--postgres-port", "0");
        try (BufferedReader said = process.inputReader(UTF_8)) {
            String line = said.readLine();
            while (line != null && !line.startsWith("Staying up")) {
                line = said.readLine();
            }
            Path pidFile = folder.resolve(".lake/demo/postgres/postmaster.pid");
            ProcessHandle postgres = ProcessHandle.of(
                            Long.parseLong(Files.readAllLines(pidFile).get(0)))
                    .orElseThrow();

            process.destroy();

            assertThat(process.waitFor(15, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(128 + 15);
            assertThat(pidFile).doesNotExist();
            assertThat(postgres.onExit()).succeedsWithin(5, TimeUnit.SECONDS);
        } finally {
            process.destroyForcibly();
        }
    }
}
