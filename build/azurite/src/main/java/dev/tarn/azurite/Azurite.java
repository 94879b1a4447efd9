package dev.tarn.azurite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The blob service of a running Azurite, on a free port of the loopback address. It ends with {@link #close} or with the
 * process that started it, however that ends. Its keys are made anew with each start.
 */
public final class Azurite implements AutoCloseable {

    private static final Pattern LISTENS = Pattern.compile("successfully listens on (http://127\\.0\\.0\\.1:\\d+)");
    private static final String IN_MEMORY = "--inMemoryPersistence";
    private static final String LASTING = "tarn";
    private static final int LAKES = 500;
    private static final int START_SECONDS = 60;
    private static final int END_SECONDS = 10;

    private static @Nullable Azurite shared;

    private final Process process;
    private final URI service;
    private final Account lasting;
    private final List<Account> fresh;
    private final AtomicInteger handedOut = new AtomicInteger();

    private Azurite(Process process, URI service, Account lasting, List<Account> fresh) {
        this.process = process;
        this.service = service;
        this.lasting = lasting;
        this.fresh = List.copyOf(fresh);
    }

    /** Why Azurite cannot run on this machine, as a sentence; empty when it can. */
    public static Optional<String> missing() {
        return Installation.missingTools();
    }

    /**
     * The one Azurite of this process, for tests: it starts with the first call, keeps everything in memory, and ends
     * with the process. Installs the program when this machine has none yet, which takes a minute.
     */
    public static synchronized Azurite shared() throws IOException {
        if (shared == null || !shared.process.isAlive()) {
            shared = start(Path.of(System.getProperty("java.io.tmpdir")), List.of(IN_MEMORY));
        }
        return shared;
    }

    /**
     * Starts one that keeps its files in {@code data}, a folder for it alone that need not exist. What was written
     * during the last five seconds is lost when Azurite itself is killed. Installs the program when this machine has
     * none yet, which takes a minute.
     */
    public static Azurite start(Path data) throws IOException {
        Path folder = Files.createDirectories(data.toAbsolutePath());
        return start(folder, List.of("--location", folder.toString()));
    }

    private static Azurite start(Path folder, List<String> persistence) throws IOException {
        Account lasting = Account.withNewKey(LASTING);
        List<Account> fresh = new ArrayList<>();
        for (int lake = 1; lake <= LAKES; lake++) {
            fresh.add(Account.withNewKey(String.format(Locale.ROOT, "lake%03d", lake)));
        }
        List<String> command = new ArrayList<>(Installation.command());
        command.addAll(List.of("--blobHost", "127.0.0.1", "--blobPort", "0", "--disableTelemetry", "--silent"));
        command.addAll(persistence);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment()
                .put(
                        "AZURITE_ACCOUNTS",
                        lasting.name() + ":" + lasting.key() + ";"
                                + fresh.stream()
                                        .map(account -> account.name() + ":" + account.key())
                                        .collect(Collectors.joining(";")));
        Process process = builder.start();
        try {
            return new Azurite(process, service(process), lasting, fresh);
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** Waits for the address that Azurite names, and keeps reading afterwards: a full pipe would stop it. */
    private static URI service(Process process) throws IOException {
        CompletableFuture<URI> address = new CompletableFuture<>();
        Thread reader = new Thread(() -> follow(process, address), "azurite-output");
        reader.setDaemon(true);
        reader.start();
        try {
            return address.get(START_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IOException("Azurite did not listen within " + START_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while Azurite started", e);
        }
    }

    private static void follow(Process process, CompletableFuture<URI> address) {
        StringBuilder said = new StringBuilder();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher listens = LISTENS.matcher(line);
                if (listens.find()) {
                    address.complete(URI.create(listens.group(1)));
                } else if (!address.isDone()) {
                    said.append(line).append('\n');
                }
            }
        } catch (IOException e) {
            address.completeExceptionally(e);
        }
        address.completeExceptionally(
                new IOException("Azurite ended instead of listening: " + Installation.beginning(said.toString())));
    }

    /** Connection string of a lake that nobody else has, with its containers and nothing in them. */
    public String newLake() {
        int next = handedOut.getAndIncrement();
        if (next >= fresh.size()) {
            throw new IllegalStateException("an Azurite has " + fresh.size() + " lakes");
        }
        return connectionString(fresh.get(next));
    }

    /** Connection string of the lake that is found again when Azurite starts on the same folder; with its containers. */
    public String connectionString() {
        return connectionString(lasting);
    }

    private String connectionString(Account account) {
        try {
            account.createContainers(service);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return account.connectionString(service);
    }

    /** Where the service listens, without an account. */
    public URI service() {
        return service;
    }

    /** Ends the process, which saves what it holds before. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
