package dev.tarn.local.run;

import dev.tarn.connect.inbox.Drain;
import dev.tarn.connect.inbox.Inbox;
import dev.tarn.connect.inbox.InboxLimits;
import dev.tarn.connect.inbox.InboxPath;
import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.lake.Lake;
import dev.tarn.local.page.StatusPage;
import dev.tarn.local.page.WebhookDoor;
import dev.tarn.local.project.Secrets;
import dev.tarn.model.Plan;
import dev.tarn.model.WebhookSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The endpoints of a plan: a door on the status page, and for each a drain behind it. */
final class Endpoints implements AutoCloseable {

    private final Plan plan;
    private final Map<String, EventDrain> drains = new LinkedHashMap<>();
    private final Inbox inbox;

    Endpoints(Lake lake, Plan plan, Secrets secrets, UpListener listener) {
        this.plan = plan;
        for (WebhookSource source : plan.webhooks()) {
            for (WebhookSource.Endpoint endpoint : source.endpoints()) {
                Drain drain = new Drain(lake, source, endpoint, plan.timezone(), Pause.real());
                drains.put(endpoint.name(), new EventDrain(endpoint, drain, listener));
            }
        }
        this.inbox = new Inbox(lake.storage(), lake.clock(), InboxLimits.usual(), secrets::find, this::stored);
    }

    private void stored(String path) {
        InboxPath.endpoint(path).map(drains::get).ifPresent(EventDrain::wake);
    }

    List<EventDrain> drains() {
        return List.copyOf(drains.values());
    }

    /**
     * Opens the door.
     *
     * @param page null where there is none, and then nobody can send anything
     * @return a sentence for each endpoint
     */
    List<String> open(@Nullable StatusPage page, Secrets secrets) {
        if (page != null && !drains.isEmpty()) {
            page.open(new WebhookDoor(inbox, plan.webhooks()));
        }
        return plan.webhooks().stream()
                .flatMap(source -> source.endpoints().stream())
                .map(endpoint -> sentence(endpoint, page, secrets))
                .toList();
    }

    private static String sentence(WebhookSource.Endpoint endpoint, @Nullable StatusPage page, Secrets secrets) {
        if (page == null) {
            return endpoint.name() + ": closed, as there is no status page";
        }
        boolean known = endpoint.auth().secrets().stream()
                .anyMatch(secret -> secrets.find(secret).isPresent());
        return known
                ? "POST http://localhost:" + page.port() + WebhookDoor.PATH + endpoint.name()
                : endpoint.name() + ": closed, as " + endpoint.auth().secrets().get(0) + " is not set";
    }

    @Override
    public void close() {
        inbox.close();
    }
}
