package dev.tarn.connect.trigger;

import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.connect.postgres.Publish;
import dev.tarn.engine.flow.Failures;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Plan;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.TableName;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Publishes what the sinks of a plan take. One for all events: it knows what the targets hold. */
final class Sinks {

    private final Lake lake;
    private final EnvironmentSecrets secrets;
    private final Map<Target, Publication> publications = new ConcurrentHashMap<>();

    private record Target(PostgresSink sink, PostgresSink.Table table) {}

    Sinks(Lake lake, EnvironmentSecrets secrets) {
        this.lake = lake;
        this.secrets = secrets;
    }

    /** Publishes the table to every target that takes it. */
    void publish(Plan plan, TableName from, Failures failures, Consumer<String> told) {
        publish(plan, table -> table.from().equals(from), failures, told);
    }

    /** Publishes what any target does not hold. */
    void publishAll(Plan plan, Failures failures, Consumer<String> told) {
        publish(plan, table -> true, failures, told);
    }

    private void publish(Plan plan, Predicate<PostgresSink.Table> which, Failures failures, Consumer<String> told) {
        for (PostgresSink sink : plan.postgresSinks()) {
            for (PostgresSink.Table table : sink.tables()) {
                if (which.test(table)) {
                    failures.attempt(() -> tell(publication(sink, table), told));
                }
            }
        }
    }

    private Publication publication(PostgresSink sink, PostgresSink.Table table) {
        return publications.computeIfAbsent(
                new Target(sink, table), target -> new Publication(lake, sink, table, () -> open(sink)));
    }

    private Publish open(PostgresSink sink) {
        String value = secrets.require(sink.connection(), sink.position());
        return new Publish(lake, sink, PostgresUrl.parse(sink.connection(), value));
    }

    private static void tell(Publication publication, Consumer<String> told) {
        Publication.Outcome outcome = publication.run();
        if (outcome instanceof Publication.Outcome.Sent sent) {
            told.accept(publication.name() + ": version " + sent.published().goldVersion() + " of "
                    + publication.table().from() + " sent, " + sent.published().inserted() + " rows inserted, "
                    + sent.published().updated() + " updated, "
                    + sent.published().deleted() + " deleted");
        } else if (outcome instanceof Publication.Outcome.Waiting) {
            told.accept(
                    publication.name() + ": waits for " + publication.table().from());
        }
    }
}
