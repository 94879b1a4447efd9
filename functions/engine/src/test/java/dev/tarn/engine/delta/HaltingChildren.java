package dev.tarn.engine.delta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.storage.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Starts processes that are halted, with as little ado as there can be: the classes of the first are kept for the others. */
final class HaltingChildren {

    private static final int NEVER = -1;

    private final Path folder;
    private final Path archive;
    private final AtomicInteger children = new AtomicInteger();

    /** @param prepared a lake on which the scenario can be worked */
    HaltingChildren(Path folder, CrashScenario scenario, String prepared) throws IOException, InterruptedException {
        this.folder = folder;
        archive = folder.resolve("classes.jsa");
        CrashPoint never = new CrashPoint("", NEVER, Fault.Moment.BEFORE);
        assertThat(halts("-XX:ArchiveClassesAtExit=" + archive, scenario, never, prepared))
                .isFalse();
    }

    /** Works on the lake in a process of its own; whether that was halted. */
    boolean halts(CrashScenario scenario, CrashPoint point, String lake) throws IOException, InterruptedException {
        return halts("-XX:SharedArchiveFile=" + archive, scenario, point, lake);
    }

    private boolean halts(String flag, CrashScenario scenario, CrashPoint point, String lake)
            throws IOException, InterruptedException {
        Path workspace = folder.resolve("child-" + children.incrementAndGet());
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                flag,
                "-Xshare:auto",
                "-Xlog:cds=off",
                "-Xlog:cds+dynamic=off",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                HaltingWork.class.getName(),
                lake,
                workspace.toString(),
                scenario.name(),
                point.kind(),
                Integer.toString(point.nth()),
                point.moment().name()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        int exitCode = process.waitFor();
        assertThat(exitCode).as(scenario + " " + point + ": " + said).isIn(0, Fault.Halt.EXIT_CODE);
        return exitCode == Fault.Halt.EXIT_CODE;
    }
}
