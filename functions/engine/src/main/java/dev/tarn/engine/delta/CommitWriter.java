package dev.tarn.engine.delta;

import dev.tarn.model.TarnException;
import io.delta.kernel.internal.SnapshotImpl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Commits changes with optimistic concurrency. Whoever puts the next file into the log wins; who loses reads what the
 * winners did and either commits after them or leaves the work to be planned anew.
 */
final class CommitWriter {

    /** A commit that is merely late is written again as it is, which costs little. */
    private static final int RACES_PER_ATTEMPT = 10;

    /** Writers of one process take turns, so that they do not lose races against one another. */
    private static final TableTurns TURNS = new TableTurns();

    private final DeltaTable table;
    private final DeltaTables lake;
    private final TableLog log;

    CommitWriter(DeltaTable table, DeltaTables lake) {
        this.table = table;
        this.lake = lake;
        this.log = table.log();
    }

    Commit commit(TableChange change, CommitRequest request) {
        Member member = new Member(change, request);
        checkAllowed(member);
        return inTurn(() -> List.of(member)).get(member);
    }

    /**
     * Commits what {@code members} gives once it is this writer's turn, together: appends of different flows. Those that no
     * longer fit do not hold up the others.
     */
    Map<Member, Commit> inTurn(Supplier<List<Member>> members) {
        ReentrantLock turn = TURNS.at(lake.storage(), table.location());
        turn.lock();
        try {
            return race(members.get());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the commit to " + table.location() + " may have been written or not; running again finds out", e);
        } finally {
            turn.unlock();
        }
    }

    /** Refuses what must not be done to the table. */
    void checkAllowed(Member member) {
        try {
            check(member);
        } catch (TarnException refusal) {
            // It surely is not in the log, and whoever called does not get that far again.
            discard(member.change(), refusal);
            throw refusal;
        }
    }

    private void discard(TableChange change, TarnException refusal) {
        try {
            table.discard(change);
        } catch (UncheckedIOException e) {
            refusal.addSuppressed(e);
        }
    }

    private void check(Member member) {
        TableChange change = member.change();
        SnapshotImpl kernel = change.base().kernel();
        Features.checkWritable(table.location(), kernel);
        if (member.request().flow().isPresent()) {
            Features.checkKeepsProgress(table.location(), kernel);
        }
        if (change.parts().dataChange() && !change.parts().removed().isEmpty()) {
            Features.checkRowsMayGo(table.location(), kernel);
        }
    }

    private Map<Member, Commit> race(List<Member> members) throws IOException {
        Map<Member, Commit> decided = new LinkedHashMap<>();
        Map<Member, TableSnapshot> planned = new LinkedHashMap<>();
        members.forEach(member -> planned.put(member, member.change().base()));
        for (int race = 1; race <= lake.policy().retries().attempts() * RACES_PER_ATTEMPT; race++) {
            // Looked at even before the first attempt: in a table that was made anew the attempt could succeed.
            TableSnapshot now = table.existingSnapshot();
            for (Member member : List.copyOf(planned.keySet())) {
                decide(planned.get(member), now, member).ifPresent(commit -> {
                    decided.put(member, commit);
                    planned.remove(member);
                });
            }
            List<Member> left = new ArrayList<>(planned.keySet());
            if (left.isEmpty()) {
                return decided;
            }
            if (put(now.version() + 1, new CommitFile(lake, left).after(now.kernel()), left.get(0))) {
                left.forEach(member -> decided.put(member, new Commit.Committed(now.version() + 1)));
                return decided;
            }
            planned.replaceAll((member, before) -> now);
            lake.policy().retries().rest(race);
        }
        planned.forEach((member, last) -> decided.put(member, new Commit.Overtaken(last.version())));
        return decided;
    }

    /** Empty when the work may be committed after {@code now}. */
    private Optional<Commit> decide(TableSnapshot planned, TableSnapshot now, Member member) {
        CommitRequest request = member.request();
        Optional<Commit> ours = now.versionOfUpdate(request.update(), planned.version()).stream()
                .mapToObj(version -> (Commit) new Commit.Committed(version))
                .findFirst();
        if (ours.isPresent()) {
            return ours;
        }
        Optional<FlowStep> step = request.flow();
        if (step.isPresent()
                && now.updateNumber(step.get().flowId()).orElse(-1)
                        >= step.get().number()) {
            return Optional.of(new Commit.AlreadyCommitted(now.version()));
        }
        boolean fits = now.tableId().equals(planned.tableId());
        Winners winners = new Winners(member.change(), request);
        for (long version = planned.version() + 1; fits && version <= now.version(); version++) {
            fits = log.forEachAction(now.commit(version), winners::look) && winners.stillFits();
        }
        return fits ? Optional.empty() : Optional.of(new Commit.Overtaken(now.version()));
    }

    /**
     * Whether the commit is in the log as {@code version}. A storage may say "exists", or fail, although it was our own
     * file that arrived; only the file itself tells.
     */
    private boolean put(long version, byte[] content, Member first) throws IOException {
        Optional<Set<String>> writers;
        try {
            if (lake.storage().putIfAbsent(log.path(version), content)) {
                return true;
            }
            writers = log.writersOf(log.commit(version));
        } catch (IOException | TarnException failure) {
            writers = writersOf(version, failure);
            if (writers.isEmpty()) {
                throw failure;
            }
        }
        return writers.orElseThrow(() -> new IOException(log.path(version) + " exists and cannot be read"))
                .contains(first.update());
    }

    private Optional<Set<String>> writersOf(long version, Exception failure) {
        try {
            return log.writersOf(log.commit(version));
        } catch (UncheckedIOException | TarnException e) {
            failure.addSuppressed(e);
            return Optional.empty();
        }
    }
}
