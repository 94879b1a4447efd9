package dev.tarn.local.run;

import dev.tarn.connect.trigger.Publication;
import dev.tarn.model.TableName;
import java.util.Optional;
import java.util.Set;

/** The publication of one gold table. */
record PublishJob(Publication publication, UpListener listener) implements Job {

    @Override
    public Stage stage() {
        return Stage.PUBLISH;
    }

    @Override
    public String name() {
        return publication.name();
    }

    @Override
    public Set<TableName> inputs() {
        return Set.of(publication.table().from());
    }

    @Override
    public Optional<TableName> output() {
        return Optional.empty();
    }

    @Override
    public Result run() {
        Publication.Outcome outcome = listener.during(stage() + " " + name(), publication::run);
        if (outcome instanceof Publication.Outcome.Sent sent) {
            listener.step(new Step.Published(
                    name(),
                    sent.rows(),
                    sent.published().inserted(),
                    sent.published().updated(),
                    sent.published().deleted(),
                    sent.published().took()));
        }
        return outcome instanceof Publication.Outcome.Waiting ? Result.WAITING : Result.DONE;
    }
}
