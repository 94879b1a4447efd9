package dev.tarn.engine.storage;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** A plan of faults. Asked once for every call, by the thread that makes it. */
@FunctionalInterface
public interface Faults {

    /** The fault of that call; empty when nothing goes wrong. */
    Optional<Fault> at(StorageCall call);

    static Faults none() {
        return call -> Optional.empty();
    }

    /** The {@code nth} call, from 0, of those that {@code which} picks. */
    static Faults nth(long nth, Predicate<StorageCall> which, Fault fault) {
        AtomicLong seen = new AtomicLong();
        return call -> which.test(call) && seen.getAndIncrement() == nth ? Optional.of(fault) : Optional.empty();
    }

    /** Every call that {@code which} picks. */
    static Faults every(Predicate<StorageCall> which, Fault fault) {
        return call -> which.test(call) ? Optional.of(fault) : Optional.empty();
    }

    /** One call in {@code oneIn} on average, with any of {@code faults}: the same calls for the same seed. */
    static Faults random(long seed, int oneIn, List<Fault> faults) {
        return call -> {
            SplittableRandom random = new SplittableRandom(seed);
            SplittableRandom ofCall = new SplittableRandom(random.nextLong() + call.number());
            return ofCall.nextInt(oneIn) == 0
                    ? Optional.of(faults.get(ofCall.nextInt(faults.size())))
                    : Optional.empty();
        };
    }

    /** Picks calls by what they do and where: {@code path} is a regular expression for the whole path. */
    static Predicate<StorageCall> calls(StorageCall.Operation operation, String path) {
        Pattern pattern = Pattern.compile(path);
        return call ->
                call.operation() == operation && pattern.matcher(call.path()).matches();
    }

    /** This plan, for those calls that {@code which} picks. */
    default Faults only(Predicate<StorageCall> which) {
        return call -> which.test(call) ? at(call) : Optional.empty();
    }

    /** This plan, and where it has no fault the other one. Both are asked. */
    default Faults or(Faults other) {
        return call -> {
            Optional<Fault> mine = at(call);
            Optional<Fault> others = other.at(call);
            return mine.isPresent() ? mine : others;
        };
    }
}
