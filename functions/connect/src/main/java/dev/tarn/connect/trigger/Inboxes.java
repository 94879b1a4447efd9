package dev.tarn.connect.trigger;

import dev.tarn.connect.inbox.Drain;
import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.flow.Failures;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Plan;
import dev.tarn.model.WebhookSource;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The inboxes of a plan, brought into bronze when a file comes into one and when a sweep looks. */
public final class Inboxes {

    /** Below the time after which the host ends a function; what is left is for the next event. */
    private static final Duration TICK = Duration.ofSeconds(100);

    /** While events keep coming, a table gets a version as often as this. */
    private static final Duration WINDOW = Duration.ofSeconds(5);

    private final Lake lake;

    public Inboxes(Lake lake) {
        this.lake = lake;
    }

    /** Brings in what lies in the inbox of that endpoint. */
    void drain(Plan plan, String endpoint, Failures failures, Consumer<String> told) {
        if (!drain(plan, found -> found.name().equals(endpoint), failures, told)) {
            told.accept("The inbox of " + endpoint + " is left alone: the plan has no such endpoint.");
        }
    }

    /** Brings in what lies in any inbox, and gives every table the columns that are declared. */
    void drainAll(Plan plan, Failures failures, Consumer<String> told) {
        drain(plan, found -> true, failures, told);
    }

    private boolean drain(
            Plan plan, Predicate<WebhookSource.Endpoint> which, Failures failures, Consumer<String> told) {
        boolean any = false;
        for (WebhookSource source : plan.webhooks()) {
            for (WebhookSource.Endpoint endpoint : source.endpoints()) {
                if (which.test(endpoint)) {
                    any = true;
                    failures.attempt(() -> drain(plan, source, endpoint, told));
                }
            }
        }
        return any;
    }

    private void drain(Plan plan, WebhookSource source, WebhookSource.Endpoint endpoint, Consumer<String> told) {
        long begun = System.nanoTime();
        BooleanSupplier enough = () -> System.nanoTime() - begun > TICK.toNanos();
        Drain drain = new Drain(lake, source, endpoint, plan.timezone(), Pause.real());
        drain.run(WINDOW, enough, drained -> told.accept(endpoint.name() + ": " + drained.sentence()));
    }

    /** Deletes what only serves to tell repeats and is too old for that. */
    void clean(Plan plan) {
        for (WebhookSource source : plan.webhooks()) {
            source.endpoints()
                    .forEach(endpoint -> new Drain(lake, source, endpoint, plan.timezone(), Pause.real()).clean());
        }
    }
}
