package dev.tarn.model;

import static java.util.Objects.requireNonNull;

import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * A compiled project: everything that runs, and nothing that is secret.
 *
 * @param hash of everything below; two plans with one hash are the same
 * @param project name of the project
 * @param timezone decides days and months in queries
 * @param flows sources before the flows that read them
 * @param webhooks sources that send events
 * @param drops files that are brought into bronze
 * @param operation how it is watched
 */
public record Plan(
        String hash,
        String project,
        ZoneId timezone,
        List<Flow> flows,
        List<TableSource> sources,
        List<PostgresSink> postgresSinks,
        List<WebhookSource> webhooks,
        List<FileDrop> drops,
        Operation operation) {

    /** Version of the stored form; a newer one is refused. */
    public static final int VERSION = 4;

    public Plan {
        requireNonNull(timezone, "timezone");
        requireNonNull(operation, "operation");
        flows = List.copyOf(flows);
        sources = List.copyOf(sources);
        postgresSinks = List.copyOf(postgresSinks);
        webhooks = List.copyOf(webhooks);
        drops = List.copyOf(drops);
        if (hash.isBlank() || project.isBlank()) {
            throw new IllegalArgumentException("a plan needs a hash and a project");
        }
    }

    /** Of a project to which nobody sends anything, and that says nothing about how it is watched. */
    public Plan(
            String hash,
            String project,
            ZoneId timezone,
            List<Flow> flows,
            List<TableSource> sources,
            List<PostgresSink> postgresSinks) {
        this(hash, project, timezone, flows, sources, postgresSinks, List.of(), List.of(), Operation.USUAL);
    }

    /** The flow of that id, when it is defined as {@code hash} says. */
    public Optional<Flow> flow(String id, String hash) {
        return flows.stream()
                .filter(flow -> flow.id().equals(id) && flow.hash().equals(hash))
                .findFirst();
    }

    /** The flows that read {@code table}, in the plan's order. */
    public List<Flow> flowsReading(TableName table) {
        return flows.stream().filter(flow -> flow.reads(table)).toList();
    }
}
