package dev.tarn.engine.plan;

import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Plan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The plan that runs on a lake, for those who ask with every event. Safe to share, and meant to be. */
public final class DeployedPlan {

    /**
     * How long a plan is taken for the deployed one: people deploy now and then and wait for seconds, commits come by the
     * hundred, and each would cost a request more.
     */
    public static final Duration AGE = Duration.ofSeconds(10);

    private final Lake lake;
    private final PlanStore plans;
    private volatile @Nullable Known known;

    private record Known(Plan plan, Instant since) {

        boolean isFresh(Instant now) {
            Duration age = Duration.between(since, now);
            return !age.isNegative() && age.compareTo(AGE) < 0;
        }
    }

    public DeployedPlan(Lake lake) {
        this.lake = lake;
        this.plans = new PlanStore(lake.storage());
    }

    /** The plan; empty when none was deployed. */
    public Optional<Plan> find() {
        Instant now = lake.clock().instant();
        Known before = known;
        if (before != null && before.isFresh(now)) {
            return Optional.of(before.plan());
        }
        try {
            Optional<Plan> plan = plans.current();
            plan.ifPresent(found -> known = new Known(found, now));
            return plan;
        } catch (IOException e) {
            throw new UncheckedIOException("the lake's plan cannot be read", e);
        }
    }
}
