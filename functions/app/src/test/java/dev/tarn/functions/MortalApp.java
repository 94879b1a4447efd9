package dev.tarn.functions;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tarn.model.TableName;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A place of the app whose process is killed some times, at random, and started anew. What a killed process had not answered is
 * delivered again, as the host does.
 */
final class MortalApp implements CarelessPost.Receiver, AutoCloseable {

    /** Counted from where it takes events: longer than it takes to open the lake and do some work. */
    private static final int LONGEST_LIFE_MILLIS = 2_000;

    private static final int MOST_DEATHS = 4;

    private final String address;
    private final Path folder;
    private final Map<String, String> environment;
    private final Random random;
    private final ExecutorService killer = Executors.newSingleThreadExecutor();
    private final CompletableFuture<Void> killing;
    private final AtomicInteger killedAtWork = new AtomicInteger();
    private volatile Living living;
    private volatile boolean spared;

    MortalApp(String address, Path folder, Map<String, String> environment, Random random) throws IOException {
        this.address = address;
        this.folder = folder;
        this.environment = environment;
        this.random = random;
        this.living = new Living();
        this.killing = CompletableFuture.runAsync(this::killAgainAndAgain, killer);
    }

    private void killAgainAndAgain() {
        for (int death = 0; death < MOST_DEATHS; death++) {
            living.ready.join();
            try {
                living.process.waitFor(random.nextInt(LONGEST_LIFE_MILLIS), TimeUnit.MILLISECONDS);
                if (spared) {
                    return;
                }
                if (living.kill()) {
                    killedAtWork.incrementAndGet();
                }
                living = new Living();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Override
    public void take(TableName table, String file) {
        untilAnswered(table.layer() + " " + file);
    }

    void sweep() {
        untilAnswered("sweep");
    }

    private void untilAnswered(String event) {
        while (true) {
            Living process = living;
            Answer answer = process.ask(event).join();
            if (answer == Answer.DONE) {
                return;
            }
            if (answer == Answer.FAILED) {
                throw new IllegalStateException(event + " failed: " + said());
            }
            process.process.onExit().join();
        }
    }

    private Path log() {
        return folder.resolveSibling(folder.getFileName() + ".log");
    }

    private String said() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From now on its process lives. */
    void spare() {
        spared = true;
        killing.join();
    }

    /** How often a process was killed that had an event to answer. */
    int killedAtWork() {
        return killedAtWork.get();
    }

    @Override
    public void close() {
        spare();
        killer.shutdown();
        living.kill();
    }

    private enum Answer {
        DONE,
        FAILED,
        DIED
    }

    private final class Living {

        private final Process process;
        private final PrintStream events;
        private final Map<Integer, CompletableFuture<Answer>> open = new ConcurrentHashMap<>();
        private final CompletableFuture<Void> ready = new CompletableFuture<>();
        private final AtomicInteger numbers = new AtomicInteger();
        private volatile boolean dead;

        Living() throws IOException {
            ProcessBuilder builder = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            CarelessProcess.class.getName(),
                            address,
                            folder.toString())
                    .redirectError(ProcessBuilder.Redirect.appendTo(log().toFile()));
            builder.environment().putAll(environment);
            process = builder.start();
            events = new PrintStream(process.getOutputStream(), true, UTF_8);
            Thread reader = new Thread(this::readAnswers, "answers");
            reader.setDaemon(true);
            reader.start();
        }

        private void readAnswers() {
            try (BufferedReader answers = process.inputReader(UTF_8)) {
                answers.readLine();
                ready.complete(null);
                for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                    String[] words = line.split(" ");
                    open.remove(Integer.parseInt(words[0]))
                            .complete(words[1].equals("done") ? Answer.DONE : Answer.FAILED);
                }
            } catch (IOException e) {
                // A pipe that breaks is what a kill looks like from here; anything else shows as an event never
                // answered.
                process.destroyForcibly();
            }
            ready.complete(null);
            dead = true;
            open.values().forEach(answer -> answer.complete(Answer.DIED));
        }

        CompletableFuture<Answer> ask(String event) {
            int number = numbers.incrementAndGet();
            CompletableFuture<Answer> answer = new CompletableFuture<>();
            open.put(number, answer);
            synchronized (events) {
                events.println(number + " " + event);
            }
            if (dead) {
                answer.complete(Answer.DIED);
            }
            return answer;
        }

        /** Answers whether it had anything to do. */
        boolean kill() {
            boolean atWork = !open.isEmpty();
            process.destroyForcibly().onExit().join();
            return atWork;
        }
    }
}
