package dev.tarn.connect.inbox;

import dev.tarn.model.Column;
import dev.tarn.model.EventIdPart;
import dev.tarn.model.IpRange;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.WebhookAuth;
import dev.tarn.model.WebhookSource;
import dev.tarn.model.WebhookSource.Endpoint;
import dev.tarn.model.WebhookSource.Misfit;
import dev.tarn.model.WebhookSource.SameId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes an endpoint as a project declares it, of which a test says what it needs otherwise. */
final class Endpoints {

    static final SecretRef SECRET = new SecretRef("hook");
    static final String VALUE = "s3cr3t-of-the-hook";

    private final String name;
    private WebhookAuth auth = new WebhookAuth.SharedSecret("x-webhook-secret", List.of(SECRET));
    private List<IpRange> ipRanges = List.of();
    private List<EventIdPart> eventId = List.of();
    private @Nullable EventIdPart items;
    private SameId sameId = SameId.KEEP_AS_CONFLICT;
    private Duration remember = Duration.ofDays(7);
    private long maxBody = 1_000_000;
    private @Nullable Integer perMinute;
    private List<String> headers = List.of();
    private final List<Column> columns = new ArrayList<>();
    private Misfit misfit = Misfit.RESCUE;

    private Endpoints(String name) {
        this.name = name;
    }

    static Endpoints named(String name) {
        return new Endpoints(name);
    }

    Endpoints auth(WebhookAuth other) {
        auth = other;
        return this;
    }

    Endpoints from(String... ranges) {
        ipRanges = Stream.of(ranges)
                .map(range -> IpRange.tryParse(range).orElseThrow())
                .toList();
        return this;
    }

    Endpoints eventId(String... parts) {
        eventId = Stream.of(parts)
                .map(part -> EventIdPart.tryParse(part).orElseThrow())
                .toList();
        return this;
    }

    Endpoints items(String path) {
        items = EventIdPart.tryParse(path).orElseThrow();
        return this;
    }

    Endpoints refusingConflicts() {
        sameId = SameId.REFUSE;
        return this;
    }

    Endpoints remember(Duration other) {
        remember = other;
        return this;
    }

    Endpoints maxBody(long bytes) {
        maxBody = bytes;
        return this;
    }

    Endpoints perMinute(int requests) {
        perMinute = requests;
        return this;
    }

    Endpoints headers(String... names) {
        headers = List.of(names);
        return this;
    }

    Endpoints column(Column column) {
        columns.add(column);
        return this;
    }

    Endpoints withoutRescue() {
        misfit = Misfit.NONE;
        return this;
    }

    Endpoints adding() {
        misfit = Misfit.ADD;
        return this;
    }

    Endpoints failing() {
        misfit = Misfit.FAIL;
        return this;
    }

    Endpoint endpoint() {
        return new Endpoint(
                name,
                Endpoint.tableOf(name),
                auth,
                ipRanges,
                eventId,
                items,
                sameId,
                remember,
                maxBody,
                perMinute,
                headers,
                columns,
                misfit,
                new SourcePosition("sources/n8n.yml", 4, 11));
    }

    WebhookSource source() {
        return new WebhookSource("n8n", List.of(endpoint()), new SourcePosition("sources/n8n.yml", 1, 1));
    }
}
