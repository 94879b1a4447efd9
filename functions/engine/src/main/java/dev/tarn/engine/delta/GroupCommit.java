package dev.tarn.engine.delta;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Appends to one table that reach this process at about the same time share a commit. Whoever comes first leads: it waits
 * for the others, and for its turn at the table, and commits what is there by then. Everybody is answered once the commit is
 * durable, each on its own: what no longer fits does not hold up the rest. Safe to share.
 */
public final class GroupCommit {

    /** A commit is one file, which every reader of the table reads. */
    private static final int MOST_MEMBERS = 1_000;

    private final CommitWriter writer;
    private final DeltaTable table;
    private final DeltaTables lake;
    private final Duration window;
    private final Deque<Pending> waiting = new ArrayDeque<>();
    private boolean led;

    private record Pending(Member member, CompletableFuture<Commit> answer) {}

    GroupCommit(DeltaTable table, DeltaTables lake, Duration window) {
        this.writer = new CommitWriter(table, lake);
        this.table = table;
        this.lake = lake;
        this.window = requireNonNull(window, "window");
    }

    /**
     * As {@link DeltaTable#commit}, of rows that are to be added.
     *
     * @throws IllegalArgumentException when the change does more than add rows
     */
    public Commit commit(TableChange addition, CommitRequest request) {
        Member member = new Member(addition, request);
        if (!member.isAppend()) {
            throw new IllegalArgumentException("only appends share a commit");
        }
        writer.checkAllowed(member);
        Pending pending = new Pending(member, new CompletableFuture<>());
        boolean leads;
        synchronized (waiting) {
            waiting.add(pending);
            leads = !led;
            led = true;
        }
        if (leads) {
            lead();
        }
        try {
            return pending.answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    /** Until nobody waits: who comes while a commit is written has found a leader. */
    private void lead() {
        boolean interrupted = !gather();
        List<Pending> group = new ArrayList<>();
        do {
            group.clear();
            try {
                Map<Member, Commit> commits = writer.inTurn(() -> members(group));
                group.forEach(pending -> pending.answer.complete(commits.get(pending.member)));
                commits.values().stream()
                        .filter(Commit.Committed.class::isInstance)
                        .findFirst()
                        .ifPresent(commit ->
                                table.caredFor(group.get(0).member.change().base(), commit));
            } catch (RuntimeException | Error e) {
                group.forEach(pending -> pending.answer.completeExceptionally(e));
            }
        } while (isLeftToDo());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** False when the thread was interrupted: others rely on it, so it commits what there is and tells afterwards. */
    private boolean gather() {
        try {
            lake.policy().retries().pause().of(window);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** One commit has one number of each flow, so another append of the same flow waits for the next commit. */
    private List<Member> members(List<Pending> group) {
        Set<String> flows = new HashSet<>();
        synchronized (waiting) {
            Deque<Pending> later = new ArrayDeque<>();
            while (!waiting.isEmpty() && group.size() < MOST_MEMBERS) {
                Pending next = waiting.poll();
                boolean joins = next.member
                        .request()
                        .flow()
                        .map(step -> flows.add(step.flowId()))
                        .orElse(true);
                (joins ? group : later).add(next);
            }
            later.descendingIterator().forEachRemaining(waiting::addFirst);
        }
        return group.stream().map(Pending::member).toList();
    }

    private boolean isLeftToDo() {
        synchronized (waiting) {
            led = !waiting.isEmpty();
            return led;
        }
    }
}
