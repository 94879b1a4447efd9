package dev.tarn.container;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.OutputBinding;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.functions.AggregateFunction;
import dev.tarn.functions.AppLake;
import dev.tarn.functions.CleanseFunction;
import dev.tarn.functions.DrainFunction;
import dev.tarn.functions.ExtractFunction;
import dev.tarn.functions.FileArrivedFunction;
import dev.tarn.functions.MaintainFunction;
import dev.tarn.functions.PublishFunction;
import dev.tarn.functions.ResumeFunction;
import dev.tarn.functions.SweepFunction;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableCommitted;
import dev.tarn.model.TarnException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The functions of the app, called with what their triggers in Azure would hand them. */
@Singleton
final class AppFunctions {

    private static final Logger LOG = LoggerFactory.getLogger(AppFunctions.class);

    /** Of a file, as much as is looked at. */
    private static final int MOST_BYTES = 1 << 16;

    private static final byte[] UNREAD = {};
    private static final String NO_TICK = "{}";

    /** No queue counts how often a message came. */
    private static final String FIRST_DELIVERY = "1";

    private final AppLake lake;
    private final Map<String, Arrival> arrivals;
    private final Map<String, Tick> ticks;
    private final ResumeFunction resume;

    private interface Arrival {
        void run(byte[] file, String name, OutputBinding<List<String>> left, ExecutionContext call);
    }

    private interface Tick {
        void run(String tick, OutputBinding<List<String>> left, ExecutionContext call);
    }

    @Inject
    AppFunctions(
            AppLake lake,
            CleanseFunction cleanse,
            AggregateFunction aggregate,
            PublishFunction publish,
            FileArrivedFunction fileArrived,
            DrainFunction drain,
            ExtractFunction extract,
            SweepFunction sweep,
            MaintainFunction maintain,
            ResumeFunction resume) {
        this.lake = lake;
        this.arrivals = Map.of(
                "cleanse", cleanse::run,
                "aggregate", aggregate::run,
                "publish", publish::run,
                "fileArrived", fileArrived::run,
                "drain", (file, name, left, call) -> drain.run(file, name, call));
        this.ticks = Map.of("extract", extract::run, "sweep", sweep::run, "maintain", maintain::run);
        this.resume = resume;
    }

    /** Those that the clock calls. */
    List<String> ticking() {
        return ticks.keySet().stream().sorted().toList();
    }

    /** An id of a call that has none of its own. */
    String newId() {
        return lake.open().newUpdateId().toString();
    }

    /** A file came that the function is woken by. */
    Left arrived(LakeTrigger trigger, String id) {
        Messages left = new Messages();
        byte[] file = beginning(trigger.path()).orElse(UNREAD);
        arrivals.get(trigger.function()).run(file, trigger.name(), left, new Invocation(id, trigger.function()));
        return new Left(left.getValue());
    }

    /** A clock ticked. */
    Left ticked(String function, String id) {
        Messages left = new Messages();
        ticks.get(function).run(NO_TICK, left, new Invocation(id, function));
        return new Left(left.getValue());
    }

    /** Does the first of what was left; the answer has the others as well, for a call has only so much time. */
    Left resumed(Left before, String id) {
        if (before.left().isEmpty()) {
            return before;
        }
        Messages left = new Messages();
        Messages poison = new Messages();
        resume.run(before.left().get(0), FIRST_DELIVERY, left, poison, new Invocation(id, "resume"));
        poison.getValue().forEach(message -> LOG.error("Given up, and no queue keeps it: {}", message));
        return new Left(Stream.concat(before.left().stream().skip(1), left.getValue().stream())
                .toList());
    }

    /** Of a commit: it says what it was made for. */
    private Optional<byte[]> beginning(String path) {
        if (TableCommitted.ofFile(path).isEmpty()) {
            return Optional.empty();
        }
        Storage storage = lake.open().storage();
        try {
            Optional<StoredFile> file = storage.find(path);
            return file.isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            storage.read(path, 0, (int) Math.min(file.get().size(), MOST_BYTES))
                                    .bytes());
        } catch (NoSuchFileException cleaned) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(path, e);
        }
    }

    /** Of a request that says something else than it has to. */
    static TarnException refused(String what, String mend) {
        return new TarnException(ErrorCode.USAGE, what, mend);
    }
}
