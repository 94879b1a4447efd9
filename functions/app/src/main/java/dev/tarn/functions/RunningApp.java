package dev.tarn.functions;

import com.microsoft.azure.functions.ExecutionContext;
import dev.tarn.connect.inbox.Inbox;
import dev.tarn.connect.inbox.InboxLimits;
import dev.tarn.connect.inbox.Receipt;
import dev.tarn.connect.inbox.WebhookRequest;
import dev.tarn.connect.status.LakeStatus;
import dev.tarn.connect.status.StatusReader;
import dev.tarn.connect.trigger.DropLooks;
import dev.tarn.connect.trigger.Maintenance;
import dev.tarn.connect.trigger.Passed;
import dev.tarn.connect.trigger.RunningPlan;
import dev.tarn.connect.trigger.SourceLooks;
import dev.tarn.connect.trigger.Unit;
import dev.tarn.connect.trigger.UnitMessage;
import dev.tarn.connect.trigger.Units;
import dev.tarn.engine.delta.Correlation;
import dev.tarn.engine.flow.Failures;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Layer;
import dev.tarn.model.Plan;
import dev.tarn.model.TarnException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What functions call: the plan that runs on the lake of this process. All but {@link #health} throw {@link TarnException}
 * when the lake cannot be opened or something failed, for the host to log and, where it was an event, to deliver again.
 */
@Singleton
public class RunningApp {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(RunningApp.class);

    /** Well below the time after which the host ends a function; what is left goes on by messages. */
    private static final Duration TICK = Duration.ofSeconds(100);

    private final AppLake app;
    private @Nullable RunningPlan plan;
    private @Nullable Inbox inbox;

    public RunningApp(AppLake app) {
        this.app = app;
    }

    /**
     * A file came into the container of a layer. When it is a commit, this goes on under the id that the commit was made under.
     * Answers messages for what was left, as all that follow.
     */
    List<String> committed(Layer container, String name, byte[] file, ExecutionContext call) {
        String cause = Correlation.ofCommit(file).orElse(call.getInvocationId());
        return work(
                cause, call, (running, enough, told) -> running.arrived(container.folder() + "/" + name, enough, told));
    }

    /** A file of events came, which is what all that follows from them is called after. */
    List<String> sent(String path, ExecutionContext call) {
        return work(
                path, call, (running, enough, told) -> running.arrived(Layer.TARN.folder() + "/" + path, enough, told));
    }

    /** A file came into the container of dropped files. */
    List<String> dropped(String name, ExecutionContext call) {
        return work(call, (running, enough, told) -> new DropLooks(running.lake())
                .arrived(running.plan(), "landing/" + name, enough, told));
    }

    /** Receives events. What keeps the lake from being opened is for the log; the sender is to come again. */
    Receipt receive(WebhookRequest request) throws IOException {
        try {
            return inbox().receive(running().plan().webhooks(), request);
        } catch (TarnException e) {
            LOG.error("Events cannot be received:\n{}", e.getMessage());
            return Receipt.Refused.notNow();
        }
    }

    private synchronized Inbox inbox() {
        if (inbox == null) {
            Lake lake = running().lake();
            inbox = new Inbox(lake.storage(), lake.clock(), InboxLimits.usual(), app.secrets()::find, path -> {});
        }
        return inbox;
    }

    List<String> extract(ExecutionContext call) {
        return work(call, (running, enough, told) -> new SourceLooks(running.lake(), app.secrets())
                .look(running.plan(), enough, told));
    }

    List<String> sweep(ExecutionContext call) {
        return work(call, (running, enough, told) -> {
            Failures failures = new Failures();
            List<Unit> left = new ArrayList<>();
            failures.attempt(() -> left.addAll(new DropLooks(running.lake()).look(running.plan(), enough, told)));
            failures.attempt(() -> left.addAll(running.sweep(enough, told)));
            if (app.isToldOfFiles()) {
                failures.attempt(() -> running.lookForCanary(told));
            }
            failures.throwIfAny();
            return left;
        });
    }

    List<String> maintain(ExecutionContext call) {
        return work(call, (running, enough, told) -> new Maintenance(running.lake()).run(running.plan(), enough, told));
    }

    /**
     * Goes on with what an invocation left. What fails is in what is answered, and in the log.
     *
     * @param delivery how often the queue has handed the message over
     */
    Passed resume(String message, int delivery, ExecutionContext call) {
        BooleanSupplier enough = enough();
        Logger log = call.getLogger();
        Passed passed =
                told(log, () -> new Units(running(), app.secrets()).resume(message, delivery, enough, told(log)));
        RuntimeException failure = passed.failure();
        if (failure != null) {
            String what = passed.poison().isEmpty() ? "" : "Given up, see the queue " + UnitMessage.POISON + ":\n";
            log.log(Level.SEVERE, what + failure.getMessage(), failure.getCause());
        }
        return passed;
    }

    private interface Work {
        List<Unit> run(RunningPlan running, BooleanSupplier enough, Consumer<String> told);
    }

    private List<String> work(ExecutionContext call, Work work) {
        return work(call.getInvocationId(), call, work);
    }

    private List<String> work(String cause, ExecutionContext call, Work work) {
        BooleanSupplier enough = enough();
        Logger log = call.getLogger();
        return Correlation.during(
                cause,
                () -> told(log, () -> {
                    RunningPlan running = running();
                    List<Unit> left = work.run(running, enough, told(log));
                    return left.isEmpty() ? List.of() : new Units(running, app.secrets()).messages(left, cause);
                }));
    }

    private static Consumer<String> told(Logger log) {
        return sentence -> log.info(caused(sentence));
    }

    /** So that the log tells by one word what one event has led to. */
    private static String caused(String text) {
        return text + Correlation.current().map(id -> " [" + id + "]").orElse("");
    }

    LakeStatus status() {
        RunningPlan running = running();
        return new StatusReader(running.lake(), running.plan()).status();
    }

    Health health() {
        boolean open = false;
        try {
            RunningPlan running = running();
            open = true;
            Plan current = running.plan();
            return new Health(Version.TEXT, true, current.hash(), app.secrets().missing(current));
        } catch (TarnException e) {
            return new Health(Version.TEXT, open, null, e.problems());
        }
    }

    /** The worker passes the words of the innermost cause on, which seldom say what to do. */
    private static <T> T told(Logger log, Supplier<T> work) {
        try {
            return work.get();
        } catch (TarnException refusal) {
            log.severe(caused(refusal.getMessage()));
            throw refusal;
        }
    }

    private static BooleanSupplier enough() {
        long begun = System.nanoTime();
        return () -> System.nanoTime() - begun > TICK.toNanos();
    }

    private synchronized RunningPlan running() {
        if (plan == null) {
            plan = new RunningPlan(app.open(), app.secrets());
        }
        return plan;
    }
}
