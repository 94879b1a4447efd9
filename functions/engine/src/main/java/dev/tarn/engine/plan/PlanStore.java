package dev.tarn.engine.plan;

import dev.tarn.engine.storage.FileChangedException;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.StoredFile;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Plan;
import dev.tarn.model.TarnException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The plans of a lake: {@code tarn/plans/<hash>.json}, and {@code tarn/plans/current} with the hash of the one that runs and,
 * a line each, those of the plans that ran before it. The plan that was read last is remembered, since a plan of the same
 * hash is the same plan. Safe to share.
 */
public final class PlanStore {

    private static final String FOLDER = "tarn/plans/";
    private static final String CURRENT = FOLDER + "current";
    private static final String PLAN = ".json";
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{16,128}");
    private static final int REMEMBERED = 20;
    private static final int ATTEMPTS = 100;

    private final Storage storage;
    private volatile @Nullable Plan last;

    public PlanStore(Storage storage) {
        this.storage = storage;
    }

    /** Makes {@code plan} the one that runs, whatever others deploy meanwhile. */
    public void deploy(Plan plan) throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (deploy(plan, deployment())) {
                return;
            }
        }
        throw new IOException("others deploy to the lake all the time");
    }

    /**
     * Makes {@code plan} the one that runs and answers true; or answers false, when another has been deployed since
     * {@code seen}. The pointer changes last, so that it never names a plan that is not there.
     */
    public boolean deploy(Plan plan, Deployment seen) throws IOException {
        storage.putIfAbsent(FOLDER + plan.hash() + PLAN, PlanJson.write(plan));
        return seen.runs(plan.hash()) || change(seen, seen.with(plan.hash()));
    }

    /** Makes the plan before {@code seen} the one that runs; false when another has been deployed since. */
    public boolean back(Deployment seen) throws IOException {
        return change(seen, seen.back());
    }

    private boolean change(Deployment seen, List<String> hashes) throws IOException {
        byte[] pointer = String.join("\n", hashes.subList(0, Math.min(hashes.size(), REMEMBERED)))
                .getBytes(StandardCharsets.UTF_8);
        String etag = seen.etag();
        boolean changed =
                etag == null ? storage.putIfAbsent(CURRENT, pointer) : storage.putIfUnchanged(CURRENT, pointer, etag);
        // A first try can have arrived although its answer was lost.
        return changed || Arrays.equals(pointer, read());
    }

    private byte[] read() throws IOException {
        try {
            return storage.read(CURRENT);
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }

    /**
     * What is deployed now, to change it with {@link #deploy(Plan, Deployment)} and {@link #back}. A pointer that names no
     * plan counts as none, so that another deployment mends it.
     */
    public Deployment deployment() throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<StoredFile> pointer = storage.find(CURRENT);
            if (pointer.isEmpty()) {
                return new Deployment(List.of(), null);
            }
            try {
                int size = Math.toIntExact(pointer.get().size());
                String etag = pointer.get().etag();
                return new Deployment(
                        hashes(storage.read(CURRENT, 0, size, etag).bytes()), etag);
            } catch (FileChangedException | NoSuchFileException | EOFException changed) {
                continue;
            }
        }
        throw new IOException("others deploy to the lake all the time");
    }

    private static List<String> hashes(byte[] pointer) {
        return new String(pointer, StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .takeWhile(HASH.asMatchPredicate())
                .toList();
    }

    /** The plan that runs; empty when none was deployed. */
    public Optional<Plan> current() throws IOException {
        byte[] pointer;
        try {
            pointer = storage.read(CURRENT);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        List<String> hashes = hashes(pointer);
        if (hashes.isEmpty()) {
            throw new TarnException(
                    ErrorCode.LAKE_DAMAGED, CURRENT + " of the lake names no plan.", "Deploy the project again.");
        }
        return Optional.of(plan(hashes.get(0)));
    }

    /**
     * The plan of that hash, which a deployment names.
     *
     * @throws TarnException LAKE_DAMAGED when it is gone or cannot be read, LAKE_FORMAT_NEWER
     */
    public Plan plan(String hash) throws IOException {
        Plan known = last;
        if (known != null && known.hash().equals(hash)) {
            return known;
        }
        String path = FOLDER + hash + PLAN;
        try {
            Plan plan = PlanJson.read(storage.read(path));
            last = plan;
            return plan;
        } catch (NoSuchFileException e) {
            throw new TarnException(
                    ErrorCode.LAKE_DAMAGED, path + " is gone from the lake.", "Deploy the project again.", e);
        }
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
