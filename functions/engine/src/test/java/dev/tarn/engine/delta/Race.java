package dev.tarn.engine.delta;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.storage.LocalStorage;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import dev.tarn.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Writers that do many different things to one table at one time, each thing told by a seed, the writer and a number: what
 * every version must hold is known from the order of the commits alone.
 *
 * @param lake a folder, or a connection string
 * @param folder for what the writers note and for their workspaces
 * @param operations of each writer
 */
public record Race(String lake, Path folder, long seed, int writers, int operations) {

    public static final TableName TABLE = TableName.parse("silver.raced");

    private static final Pattern TXN = Pattern.compile("\"txn\":\\{\"appId\":\"writer (\\d+)\",\"version\":(\\d+)");
    private static final Budget BUDGET = new Budget(192L << 20, 192L << 20, 1L << 30, 1L << 30, 1L << 30, 1);

    /** What somebody has to say of a version. */
    public interface Look {
        void at(long version, ModelTable model) throws Exception;
    }

    /** Something that a writer was told to be committed. */
    private record Done(int writer, int number) {}

    static Storage open(String lake) {
        return lake.contains("AccountName=") || lake.contains("BlobEndpoint=")
                ? AzureBlobStorage.open(AzureAddress.parse(lake))
                : new LocalStorage(Path.of(lake));
    }

    public Storage open() {
        return open(lake);
    }

    static DuckDb duckDb(Path workspace) {
        return DuckDb.open(BUDGET, workspace);
    }

    static TableOperation operation(long seed, int writer, int number) {
        return TableOperations.any(new SplittableRandom(seed * 1_000_003 + writer * 1009L + number));
    }

    @Override
    public String toString() {
        return "-Dtarn.seed=" + seed + ", " + writers + " writers, " + operations + " operations each";
    }

    /** Makes the table, with some rows. */
    public void create() throws IOException {
        Files.createDirectories(folder);
        try (DuckDb duckDb = duckDb(folder.resolve("creating"))) {
            RandomTable.create(
                    new DeltaTables(open(), duckDb, Clock.systemUTC()).table(TABLE),
                    duckDb,
                    List.of(),
                    Map.of("delta.enableChangeDataFeed", "true", "delta.enableDeletionVectors", "true"));
        }
    }

    /** All writers in threads of this process, none of which takes turns with another. */
    public void inThreads() throws Exception {
        new RaceWriters(this, 0, writers).run();
    }

    /** The writers in processes of their own. */
    public void inProcesses(int processes) throws Exception {
        List<Process> started = new ArrayList<>();
        int each = writers / processes;
        for (int process = 0; process < processes; process++) {
            started.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            RaceWriters.class.getName(),
                            lake,
                            folder.toString(),
                            Long.toString(seed),
                            Integer.toString(operations),
                            Integer.toString(process * each),
                            Integer.toString(each))
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("said-" + process).toFile())
                    .start());
        }
        for (int process = 0; process < processes; process++) {
            assertThat(started.get(process).waitFor())
                    .as(Files.readString(folder.resolve("said-" + process)))
                    .isZero();
        }
    }

    /**
     * Everything was done once, and what a writer was told is so; then every version is looked at beside what it must hold.
     *
     * @return the last version
     */
    public long check(Look look) throws Exception {
        Map<Done, Long> committed = new HashMap<>();
        ModelTable model = ModelTable.empty();
        look.at(0, model);
        Storage storage = open();
        long last = 0;
        while (storage.find(commit(last + 1)).isPresent()) {
            last++;
            Matcher txn = TXN.matcher(new String(storage.read(commit(last)), UTF_8));
            if (txn.find()) {
                Done done = new Done(Integer.parseInt(txn.group(1)), Integer.parseInt(txn.group(2)));
                assertThat(committed.put(done, last))
                        .as(done + " again, " + this)
                        .isNull();
                assertThat(txn.find()).as("two txn in " + last + ", " + this).isFalse();
                operation(seed, done.writer(), done.number()).apply(model);
            }
            look.at(last, model);
        }
        assertThat(storage.list(TABLE.path() + "/_delta_log", "").stream()
                        .filter(file -> file.name().matches("\\d{20}\\.json"))
                        .toList())
                .as("commits without a gap, " + this)
                .hasSize((int) last + 1);
        assertThat(committed.keySet()).as(this::toString).isEqualTo(all());
        assertThat(told()).as("told to be committed, " + this).isEqualTo(committed);
        return last;
    }

    private static String commit(long version) {
        return TABLE.path() + "/_delta_log/%020d.json".formatted(version);
    }

    private Set<Done> all() {
        return IntStream.range(0, writers)
                .boxed()
                .flatMap(writer -> IntStream.range(0, operations).mapToObj(number -> new Done(writer, number)))
                .filter(done -> operation(seed, done.writer(), done.number()).isCommit())
                .collect(toSet());
    }

    private Map<Done, Long> told() throws IOException {
        Map<Done, Long> told = new HashMap<>();
        for (int writer = 0; writer < writers; writer++) {
            for (String line : Files.readAllLines(told(writer))) {
                String[] words = line.split(" ");
                told.put(new Done(writer, Integer.parseInt(words[0])), Long.parseLong(words[1]));
            }
        }
        return told;
    }

    /** Where a writer notes what it did: number and version of each commit. */
    Path told(int writer) {
        return folder.resolve("told-" + writer);
    }
}
