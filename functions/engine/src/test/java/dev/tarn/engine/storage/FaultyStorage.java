package dev.tarn.engine.storage;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.tarn.engine.storage.StorageCall.Operation;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Predicate;

/**
 * A storage some of whose calls go wrong, by a plan. Counts its calls and records its faults. A lease ends when it is given
 * back or its taking fails, whatever goes wrong with the call: a storage lets leases expire.
 */
public final class FaultyStorage implements Storage {

    private final Storage storage;
    private final Faults faults;
    private final String process;
    private final AtomicLong number = new AtomicLong();
    private final AtomicLongArray calls = new AtomicLongArray(Operation.values().length);
    private final AtomicInteger throttled = new AtomicInteger();
    private final AtomicBoolean ceased = new AtomicBoolean();
    private final Queue<Injected> injected = new ConcurrentLinkedQueue<>();

    /** A fault that happened. */
    public record Injected(StorageCall call, Fault fault) {}

    public FaultyStorage(Storage storage, Faults faults) {
        this(storage, faults, "");
    }

    /**
     * @param process name of the process that this storage stands for: storages of several processes are never equal, so
     *     what a process keeps for a storage is not shared by them
     */
    public FaultyStorage(Storage storage, Faults faults, String process) {
        this.storage = storage;
        this.faults = faults;
        this.process = process;
    }

    /** From now on nothing goes wrong. */
    public void cease() {
        ceased.set(true);
    }

    /** The faults so far. */
    public List<Injected> injected() {
        return List.copyOf(injected);
    }

    /** How often which fault happened to which operation. */
    public Map<String, Long> report() {
        return injected.stream()
                .collect(groupingBy(one -> one.call().operation() + " " + one.fault(), TreeMap::new, counting()));
    }

    /** Calls so far of the operations that {@code which} picks. */
    public long calls(Predicate<Operation> which) {
        long sum = 0;
        for (Operation operation : Operation.values()) {
            sum += which.test(operation) ? calls.get(operation.ordinal()) : 0;
        }
        return sum;
    }

    private interface Work<T> {
        T make() throws IOException;
    }

    private <T> T call(Operation operation, String path, Work<T> work) throws IOException {
        return call(operation, path, work, work);
    }

    /** @param again what is made for a fault that is neither before nor after {@code work} */
    private <T> T call(Operation operation, String path, Work<T> work, Work<T> again) throws IOException {
        StorageCall call = new StorageCall(number.getAndIncrement(), operation, path);
        calls.incrementAndGet(operation.ordinal());
        Optional<Fault> fault =
                ceased.get() ? Optional.empty() : faults.at(call).filter(planned -> canHappen(planned, operation));
        fault.ifPresent(found -> injected.add(new Injected(call, found)));
        if (fault.isPresent() && fault.get() instanceof Fault.Throttle throttle) {
            throttled.set(throttle.calls());
        }
        if (!ceased.get() && throttled.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new InjectedFaultException("too busy for", call);
        }
        if (fault.isEmpty()) {
            return work.make();
        }
        strike(fault.get(), Fault.Moment.BEFORE, call);
        T answer;
        try {
            if (fault.get() instanceof Fault.Twice) {
                work.make();
            }
            answer = isOtherwise(fault.get(), operation) ? again.make() : work.make();
        } catch (IOException refusal) {
            strike(fault.get(), Fault.Moment.AFTER, call);
            throw refusal;
        }
        try {
            strike(fault.get(), Fault.Moment.AFTER, call);
        } catch (InjectedFaultException lost) {
            expire(answer);
            throw lost;
        }
        return answer;
    }

    /** What leaves a call as it is does not count as a fault. */
    private static boolean canHappen(Fault fault, Operation operation) {
        if (fault instanceof Fault.Overlook) {
            return operation == Operation.LIST;
        }
        if (fault instanceof Fault.Expire) {
            return operation == Operation.LEASE;
        }
        return !(fault instanceof Fault.Twice && operation == Operation.LEASE);
    }

    private static boolean isOtherwise(Fault fault, Operation operation) {
        return switch (operation) {
            case LIST -> fault instanceof Fault.Overlook;
            case LEASE -> fault instanceof Fault.Expire;
            default -> fault instanceof Fault.Twice;
        };
    }

    private static void strike(Fault fault, Fault.Moment moment, StorageCall call) throws IOException {
        if (fault instanceof Fault.Fail fail && fail.moment() == moment) {
            throw new InjectedFaultException("failed " + moment, call);
        }
        if (fault instanceof Fault.Hold hold && hold.moment() == moment) {
            hold(hold);
        }
        if (fault instanceof Fault.Halt halt && halt.moment() == moment) {
            System.out.println("halted " + moment + " " + call);
            System.out.flush();
            Runtime.getRuntime().halt(Fault.Halt.EXIT_CODE);
        }
    }

    /** The time may well pass: that the condition is late is what the plan wanted. */
    private static boolean hold(Fault.Hold hold) throws InterruptedIOException {
        try {
            return hold.until().await(hold.atMost().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a call was held");
        }
    }

    private static void expire(Object answer) {
        if (answer instanceof Optional<?> found && found.isPresent() && found.get() instanceof Lease lease) {
            lease.close();
        }
    }

    @Override
    public List<StoredFile> list(String folder, String from) throws IOException {
        return call(Operation.LIST, folder, () -> storage.list(folder, from), () -> {
            List<StoredFile> files = new ArrayList<>(storage.list(folder, from));
            if (files.size() > 1) {
                files.remove(files.size() - 2);
            }
            return files;
        });
    }

    @Override
    public List<StoredFile> listBelow(String folder) throws IOException {
        return call(Operation.LIST, folder, () -> storage.listBelow(folder));
    }

    @Override
    public Optional<StoredFile> find(String path) throws IOException {
        return call(Operation.FIND, path, () -> storage.find(path));
    }

    @Override
    public byte[] read(String path) throws IOException {
        return call(Operation.READ, path, () -> storage.read(path));
    }

    @Override
    public FilePart read(String path, long offset, int length) throws IOException {
        return call(Operation.READ, path, () -> storage.read(path, offset, length));
    }

    @Override
    public FilePart read(String path, long offset, int length, String etag) throws IOException {
        return call(Operation.READ, path, () -> storage.read(path, offset, length, etag));
    }

    @Override
    public void put(String path, byte[] content) throws IOException {
        call(Operation.PUT, path, () -> {
            storage.put(path, content);
            return true;
        });
    }

    @Override
    public boolean putIfAbsent(String path, byte[] content) throws IOException {
        return call(Operation.PUT_IF_ABSENT, path, () -> storage.putIfAbsent(path, content));
    }

    @Override
    public boolean putIfUnchanged(String path, byte[] content, String etag) throws IOException {
        return call(Operation.PUT, path, () -> storage.putIfUnchanged(path, content, etag));
    }

    @Override
    public void putFile(String path, Path local) throws IOException {
        call(
                Operation.PUT_FILE,
                path,
                () -> {
                    storage.putFile(path, local);
                    return true;
                },
                () -> {
                    Path copy = Files.createTempFile("put-again", "");
                    try {
                        storage.putFile(path, copy);
                    } finally {
                        Files.deleteIfExists(copy);
                    }
                    return true;
                });
    }

    @Override
    public void delete(String path) throws IOException {
        call(Operation.DELETE, path, () -> {
            storage.delete(path);
            return true;
        });
    }

    @Override
    public Optional<Lease> lease(String path) throws IOException {
        Optional<Lease> lease = call(Operation.LEASE, path, () -> storage.lease(path), () -> {
            Lease another = () -> {};
            return storage.lease(path).or(() -> Optional.of(another));
        });
        return lease.map(taken -> () -> release(path, taken));
    }

    private void release(String path, Lease lease) {
        try {
            call(Operation.RELEASE, path, () -> {
                lease.close();
                return true;
            });
        } catch (IOException e) {
            throw new UncheckedIOException("the lease " + path + " could not be given back", e);
        } finally {
            lease.close();
        }
    }

    @Override
    public Optional<Path> localFile(String path) throws IOException {
        return call(Operation.LOCAL_FILE, path, () -> storage.localFile(path));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FaultyStorage faulty
                && faulty.process.equals(process)
                && faulty.storage.equals(storage);
    }

    @Override
    public int hashCode() {
        return storage.hashCode();
    }

    @Override
    public String toString() {
        return storage.toString();
    }
}
