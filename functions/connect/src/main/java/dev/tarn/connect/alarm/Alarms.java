package dev.tarn.connect.alarm;

import dev.tarn.engine.delta.FlowProgress;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.storage.Lease;
import dev.tarn.model.Flow;
import dev.tarn.model.Notify;
import dev.tarn.model.Plan;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells people once what is wrong, again when it lasts a day, and once more when it is over. What they were told stands in
 * the lake, so that it does not matter which process finds something first or last. A notification that fails is tried
 * again by the next check, and keeps nothing else from being done.
 */
public final class Alarms {

    /** What lasts is told of again after that time. */
    static final Duration REMINDER = Duration.ofDays(1);

    /** What comes and goes is not told of sooner than that after the last time. */
    static final Duration QUIET = Duration.ofMinutes(15);

    private static final String LEASE = "tarn/leases/alarms";

    private final Lake lake;
    private final Function<Notify, String> secret;

    /** @param secret finds the value with which notifications are signed, or throws {@link TarnException} */
    public Alarms(Lake lake, Function<Notify, String> secret) {
        this.lake = lake;
        this.secret = secret;
    }

    /**
     * Finds what is wrong, and tells of what people do not know yet. Never throws: an alarm that fails must not fail the
     * work it is about.
     *
     * @param seen what a flow has seen, by whoever has just run what was due; null for others, which call no table stale
     * @param told hears sentences on what was done, and what failed
     */
    public void check(Plan plan, @Nullable Function<Flow, Optional<FlowProgress>> seen, Consumer<String> told) {
        Notify notify = plan.operation().alarms();
        if (notify == null) {
            return;
        }
        try {
            Optional<Lease> lease = lease();
            if (lease.isEmpty()) {
                return;
            }
            try {
                check(plan, notify, seen, told);
            } finally {
                lease.get().close();
            }
        } catch (TarnException refusal) {
            told.accept("Alarms cannot be told: " + refusal.getMessage());
        } catch (RuntimeException mistake) {
            told.accept("Alarms cannot be told: " + mistake.getClass().getSimpleName() + ".");
        }
    }

    private Optional<Lease> lease() {
        try {
            return lake.storage().lease(LEASE);
        } catch (IOException e) {
            throw new UncheckedIOException("the lease of the alarms", e);
        }
    }

    private void check(
            Plan plan, Notify notify, @Nullable Function<Flow, Optional<FlowProgress>> seen, Consumer<String> told) {
        OpenAlarms before = OpenAlarms.read(lake.storage());
        Map<String, Cause> causes = new HashMap<>();
        new Causes(lake, plan)
                .find(seen).stream()
                        .filter(cause -> notify.on().contains(cause.type()))
                        .forEach(cause -> causes.putIfAbsent(cause.key(), cause));
        if (causes.isEmpty() && before.alarms().isEmpty()) {
            return;
        }
        OpenAlarms after = new OpenAlarms(before.alarms());
        try {
            Telling telling = new Telling(new Notifications(plan, notify, secret.apply(notify)), after, told);
            causes.values().forEach(telling::cause);
            for (String key : before.open()) {
                // Whether a table is stale, not everybody knows.
                boolean known = seen != null || !key.startsWith("stale ");
                if (known && !causes.containsKey(key)) {
                    telling.over(key);
                }
            }
            telling.forget();
        } finally {
            if (!after.equals(before)) {
                after.write(lake.storage());
            }
        }
    }

    /** One check. Once a notification fails, the others of it are left to the next check: each would wait as long. */
    private final class Telling {

        private final Notifications notifications;
        private final Map<String, OpenAlarms.Entry> alarms;
        private final Consumer<String> told;
        private final Instant now = lake.clock().instant();
        private boolean unheard;

        Telling(Notifications notifications, OpenAlarms open, Consumer<String> told) {
            this.notifications = notifications;
            this.alarms = open.alarms();
            this.told = told;
        }

        void cause(Cause cause) {
            OpenAlarms.Entry known = alarms.get(cause.key());
            if (known != null && !isDue(cause, known)) {
                return;
            }
            Instant since = known == null || known.mended() != null ? now : known.since();
            boolean heard =
                    heard("of " + cause.type() + " of " + cause.table(), () -> notifications.raised(cause, now));
            if (heard || known == null) {
                alarms.put(
                        cause.key(),
                        new OpenAlarms.Entry(
                                cause.type(), cause.table(), since, heard ? now : null, cause.setAside(), null));
            }
        }

        private boolean isDue(Cause cause, OpenAlarms.Entry known) {
            if (known.told() == null) {
                return true;
            }
            Duration quiet = Duration.between(known.told(), now);
            if (known.mended() != null) {
                return quiet.compareTo(QUIET) >= 0;
            }
            return cause.setAside() && !known.setAside() || quiet.compareTo(REMINDER) >= 0;
        }

        void over(String key) {
            OpenAlarms.Entry known = alarms.get(key);
            if (known == null) {
                return;
            }
            if (known.told() == null) {
                alarms.remove(key);
            } else if (heard(
                    "that " + known.table() + " is mended (" + known.type() + ")",
                    () -> notifications.mended(known, now))) {
                alarms.put(
                        key,
                        new OpenAlarms.Entry(
                                known.type(), known.table(), known.since(), known.told(), known.setAside(), now));
            }
        }

        /** What is over and was told of long ago is as if it never was. */
        void forget() {
            List.copyOf(alarms.entrySet()).stream()
                    .filter(alarm -> alarm.getValue().mended() != null)
                    .filter(alarm -> alarm.getValue().told() != null
                            && Duration.between(alarm.getValue().told(), now).compareTo(QUIET) >= 0)
                    .forEach(alarm -> alarms.remove(alarm.getKey()));
        }

        private boolean heard(String about, Supplier<Optional<String>> sending) {
            if (unheard) {
                return false;
            }
            Optional<String> failure = sending.get();
            unheard = failure.isPresent();
            told.accept(failure.map(why -> "Nobody could be told " + about + ": " + why + "; it is tried again.")
                    .orElse("Told " + about + "."));
            return failure.isEmpty();
        }
    }
}
