package dev.tarn.engine.plan;

import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Plan;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The plans of a lake: {@code tarn/plans/<hash>.json}, and {@code tarn/plans/current} that holds the hash of one. The plan
 * that was read last is remembered, since a plan of the same hash is the same plan. Safe to share.
 */
public final class PlanStore {

    private static final String FOLDER = "tarn/plans/";
    private static final String CURRENT = FOLDER + "current";
    private static final String PLAN = ".json";
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{16,128}");

    private final Storage storage;
    private volatile @Nullable Plan last;

    public PlanStore(Storage storage) {
        this.storage = storage;
    }

    /** Makes {@code plan} the one that runs. The pointer changes last, so that it never names a plan that is not there. */
    public void deploy(Plan plan) throws IOException {
        storage.putIfAbsent(FOLDER + plan.hash() + PLAN, PlanJson.write(plan));
        byte[] pointer = plan.hash().getBytes(StandardCharsets.UTF_8);
        if (!storage.putIfAbsent(CURRENT, pointer)) {
            storage.put(CURRENT, pointer);
        }
    }

    /** The plan that runs; empty when none was deployed. */
    public Optional<Plan> current() throws IOException {
        String hash;
        try {
            hash = new String(storage.read(CURRENT), StandardCharsets.UTF_8).strip();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (!HASH.matcher(hash).matches()) {
            throw new TarnException(
                    ErrorCode.LAKE_DAMAGED, CURRENT + " of the lake names no plan.", "Deploy the project again.");
        }
        Plan known = last;
        if (known != null && known.hash().equals(hash)) {
            return Optional.of(known);
        }
        Plan plan = PlanJson.read(storage.read(FOLDER + hash + PLAN));
        last = plan;
        return Optional.of(plan);
    }

    /**
     * A plan in which the flow is defined as {@code hash} says: the one that runs or else any that ran before; empty when
     * none was deployed.
     */
    public Optional<Plan> having(String flowId, String hash) throws IOException {
        Optional<Plan> running =
                current().filter(plan -> plan.flow(flowId, hash).isPresent());
        if (running.isPresent()) {
            return running;
        }
        for (String path : paths()) {
            Optional<Plan> plan =
                    readable(path).filter(found -> found.flow(flowId, hash).isPresent());
            if (plan.isPresent()) {
                return plan;
            }
        }
        return Optional.empty();
    }

    /** All plans that were ever deployed, in no order. */
    public List<Plan> all() throws IOException {
        List<Plan> plans = new ArrayList<>();
        for (String path : paths()) {
            readable(path).ifPresent(plans::add);
        }
        return plans;
    }

    private List<String> paths() throws IOException {
        return storage.list(FOLDER.substring(0, FOLDER.length() - 1), "").stream()
                .map(StoredFile::path)
                .filter(path -> path.endsWith(PLAN))
                .toList();
    }

    /** Of plans that ran before, one that a newer Tarn wrote is as good as none. */
    private Optional<Plan> readable(String path) throws IOException {
        try {
            return Optional.of(PlanJson.read(storage.read(path)));
        } catch (TarnException e) {
            return Optional.empty();
        }
    }
}
