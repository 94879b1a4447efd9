package dev.tarn.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Prints how long it takes from a commit in Odoo until its sum stands in Supabase, in a lake that stays up, beside what is
 * promised. Arguments: a folder to work in, and how many commits to follow.
 */
public final class Freshness {

    private static final int ENTRIES = 5_000;
    private static final double[] PROMISED = {3, 6};
    private static final long BETWEEN_PROBES = TimeUnit.MILLISECONDS.toNanos(20);
    private static final double LOST = 60;

    private final Books books;
    private final RunningTarn tarn;

    private Freshness(Books books, RunningTarn tarn) {
        this.books = books;
        this.tarn = tarn;
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createTempDirectory(Files.createDirectories(Path.of(arguments[0])), "run");
        try (Books books = Books.open(folder.resolve("books"), ENTRIES);
                RunningTarn tarn = RunningTarn.up(folder, books.secrets(), "up", "--port", "0")) {
            double[] seconds = new Freshness(books, tarn).follow(Integer.parseInt(arguments[1]));
            PrintStream out = new PrintStream(System.out, true, UTF_8);
            out.printf(
                    Locale.ROOT,
                    "Java %s, %d cores; %d entries, %d commits%n",
                    Runtime.version(),
                    Runtime.getRuntime().availableProcessors(),
                    ENTRIES,
                    seconds.length);
            print(out, "p50", share(seconds, 0.5), PROMISED[0]);
            print(out, "p95", share(seconds, 0.95), PROMISED[1]);
            out.printf(Locale.ROOT, "most %.2f s%n", seconds[seconds.length - 1]);
        }
        System.exit(0);
    }

    private static void print(PrintStream out, String name, double seconds, double promised) {
        out.printf(
                Locale.ROOT, "%s %.2f s, %.2f of the %.0f s promised%n", name, seconds, seconds / promised, promised);
    }

    private static double share(double[] sorted, double share) {
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }

    /** In rising order. Commits come at any moment between two looks. */
    private double[] follow(int commits) {
        Random moments = new Random(commits);
        double[] seconds = new double[commits];
        for (int commit = 0; commit < commits; commit++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(moments.nextInt(1000)));
            String before = revenue();
            raise();
            seconds[commit] = untilNot(before);
        }
        Arrays.sort(seconds);
        return seconds;
    }

    private double untilNot(String before) {
        long began = System.nanoTime();
        double seconds = 0;
        while (revenue().equals(before)) {
            if (seconds > LOST) {
                throw new AssertionError("a commit did not arrive within " + LOST + " s:\n" + tarn.output());
            }
            LockSupport.parkNanos(BETWEEN_PROBES);
            seconds = (System.nanoTime() - began) / 1e9;
        }
        return (System.nanoTime() - began) / 1e9;
    }

    private String revenue() {
        return books.supabase("SELECT sum(revenue) FROM reporting.monthly_revenue")
                .get(0);
    }

    private void raise() {
        books.odoo(LiveTest.ONE_INVOICE_RAISED);
    }
}
