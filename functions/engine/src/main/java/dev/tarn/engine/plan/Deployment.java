package dev.tarn.engine.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What runs on a lake and what ran before, as somebody saw it. A change of it holds only as long as nobody else made one.
 *
 * @param hashes of plans, the one that runs first; none when nothing was deployed
 * @param etag of the pointer's content; null when there was none
 */
public record Deployment(List<String> hashes, @Nullable String etag) {

    public Deployment {
        hashes = List.copyOf(hashes);
    }

    /** Whether the plan of that hash runs. */
    public boolean runs(String hash) {
        return running().filter(hash::equals).isPresent();
    }

    /** Hash of the plan that runs. */
    public Optional<String> running() {
        return hashes.stream().findFirst();
    }

    /** Hash of the plan that ran before. */
    public Optional<String> before() {
        return hashes.stream().skip(1).findFirst();
    }

    List<String> with(String hash) {
        List<String> all = new ArrayList<>(hashes);
        all.add(0, hash);
        return all;
    }

    List<String> back() {
        if (before().isEmpty()) {
            throw new IllegalStateException("there is no plan before the one that runs");
        }
        return hashes.subList(1, hashes.size());
    }
}
