package dev.tarn.functions;

import dev.tarn.connect.inbox.Inbox;
import dev.tarn.connect.inbox.InboxLimits;
import dev.tarn.connect.inbox.Receipt;
import dev.tarn.connect.inbox.WebhookRequest;
import dev.tarn.connect.status.LakeStatus;
import dev.tarn.connect.status.StatusReader;
import dev.tarn.connect.trigger.DropLooks;
import dev.tarn.connect.trigger.Maintenance;
import dev.tarn.connect.trigger.RunningPlan;
import dev.tarn.connect.trigger.SourceLooks;
import dev.tarn.engine.flow.Failures;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Layer;
import dev.tarn.model.Plan;
import dev.tarn.model.TarnException;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
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

    /** Well below the time after which the host ends a function; what is left is done by the next tick. */
    private static final Duration TICK = Duration.ofSeconds(100);

    private final AppLake app;
    private @Nullable RunningPlan plan;
    private @Nullable Inbox inbox;

    public RunningApp(AppLake app) {
        this.app = app;
    }

    /** A file came into the container of a layer. */
    void arrived(Layer container, String name, Logger log) {
        told(log, () -> running().arrived(container.folder() + "/" + name, log::info));
    }

    /** A file came into the container of dropped files. */
    void dropped(String name, Logger log) {
        BooleanSupplier enough = enough();
        told(log, () -> {
            RunningPlan running = running();
            new DropLooks(running.lake()).arrived(running.plan(), "landing/" + name, enough, log::info);
        });
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

    void extract(Logger log) {
        BooleanSupplier enough = enough();
        told(log, () -> {
            RunningPlan running = running();
            new SourceLooks(running.lake(), app.secrets()).look(running.plan(), enough, log::info);
        });
    }

    void sweep(Logger log) {
        BooleanSupplier enough = enough();
        told(log, () -> {
            RunningPlan running = running();
            Failures failures = new Failures();
            failures.attempt(() -> new DropLooks(running.lake()).look(running.plan(), enough, log::info));
            failures.attempt(() -> running.sweep(log::info));
            if (app.isToldOfFiles()) {
                failures.attempt(() -> running.lookForCanary(log::info));
            }
            failures.throwIfAny();
        });
    }

    void maintain(Logger log) {
        BooleanSupplier enough = enough();
        told(log, () -> {
            RunningPlan running = running();
            new Maintenance(running.lake()).run(running.plan(), enough, log::info);
        });
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
    private static void told(Logger log, Runnable work) {
        try {
            work.run();
        } catch (TarnException refusal) {
            log.severe(refusal.getMessage());
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
