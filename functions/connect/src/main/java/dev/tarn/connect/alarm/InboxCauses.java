package dev.tarn.connect.alarm;

import dev.tarn.connect.inbox.UnreadableFiles;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.AlarmType;
import dev.tarn.model.Plan;
import dev.tarn.model.WebhookSource;
import java.util.ArrayList;
import java.util.List;

/** Finds inboxes with files that could not be read. */
final class InboxCauses {

    private final Lake lake;
    private final Plan plan;

    InboxCauses(Lake lake, Plan plan) {
        this.lake = lake;
        this.plan = plan;
    }

    List<Cause> find() {
        List<Cause> causes = new ArrayList<>();
        for (WebhookSource source : plan.webhooks()) {
            for (WebhookSource.Endpoint endpoint : source.endpoints()) {
                int files = new UnreadableFiles(lake.storage(), endpoint.name())
                        .all()
                        .size();
                if (files > 0) {
                    causes.add(cause(endpoint, files));
                }
            }
        }
        return causes;
    }

    private Cause cause(WebhookSource.Endpoint endpoint, int files) {
        String target = " --target " + plan.operation().target();
        return new Cause(
                AlarmType.QUARANTINE,
                endpoint.target().toString(),
                null,
                null,
                null,
                files + (files == 1 ? " file" : " files") + " of the inbox of " + endpoint.name()
                        + " cannot be read and " + (files == 1 ? "is" : "are") + " kept aside.",
                "Events in " + (files == 1 ? "it" : "them") + " are missing in " + endpoint.target()
                        + " and in what is made from it; nothing else is.",
                "See why with tarn inbox list" + target + ". Mend what it names, then tarn inbox replay --source "
                        + endpoint.name() + " --unreadable" + target + ".",
                0,
                false);
    }
}
