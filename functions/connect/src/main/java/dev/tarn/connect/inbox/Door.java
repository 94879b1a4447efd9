package dev.tarn.connect.inbox;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.IpRange;
import dev.tarn.model.WebhookAuth;
import dev.tarn.model.WebhookSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One endpoint as this process has it open: who may come in, and what is known of what came. */
final class Door {

    /** What tells senders apart without a setting; an n8n sends its workflow where that says so. */
    private static final List<String> SENDER = List.of("user-agent", "x-n8n-workflow");

    private static final int MOST_OF_SENDER = 100;

    private final WebhookSource.Endpoint endpoint;
    private final List<String> secrets;
    private final SenderCheck senders;
    private final EventScanner scanner;
    private final RecentIds recent;
    private final KnownRepeats repeats = new KnownRepeats();
    private final IdClaims claims;
    private final SharedFile file;
    private final @Nullable RateLimit rate;

    /** @param secrets values of those of the endpoint that are set */
    Door(
            WebhookSource.Endpoint endpoint,
            List<String> secrets,
            RecentIds recent,
            IdClaims claims,
            SharedFile file,
            @Nullable RateLimit rate) {
        this.endpoint = endpoint;
        this.secrets = List.copyOf(secrets);
        this.senders = new SenderCheck(secrets);
        this.scanner = new EventScanner(endpoint, secrets);
        this.recent = recent;
        this.claims = claims;
        this.file = file;
        this.rate = rate;
    }

    WebhookSource.Endpoint endpoint() {
        return endpoint;
    }

    RecentIds recent() {
        return recent;
    }

    KnownRepeats repeats() {
        return repeats;
    }

    IdClaims claims() {
        return claims;
    }

    SharedFile file() {
        return file;
    }

    /** Refuses whom the head of the request shows to be a stranger. */
    void checkHead(WebhookRequest request) throws RefusedException {
        if (!endpoint.ipRanges().isEmpty() && !isInRange(request.client())) {
            throw new RefusedException(Receipt.Refused.of(
                    ErrorCode.WEBHOOK_FORBIDDEN,
                    "The request is not taken.",
                    "Ask whoever runs the lake; nothing was kept."));
        }
        if (endpoint.auth() instanceof WebhookAuth.SharedSecret auth && !senders.knows(auth, request)) {
            throw unauthorized();
        }
    }

    private boolean isInRange(@Nullable String client) {
        return Optional.ofNullable(client)
                .flatMap(IpRange::address)
                .filter(address -> endpoint.ipRanges().stream().anyMatch(range -> range.contains(address)))
                .isPresent();
    }

    /** Refuses whom the body shows to be a stranger, and whoever comes too often. */
    void checkBody(WebhookRequest request, byte[] body, Instant now) throws RefusedException {
        if (endpoint.auth() instanceof WebhookAuth.Hmac auth && !senders.signed(auth, request, body, now)) {
            throw unauthorized();
        }
        if (rate != null) {
            Optional<Duration> wait = rate.pass();
            if (wait.isPresent()) {
                throw new RefusedException(Receipt.Refused.until(
                        ErrorCode.WEBHOOK_TOO_OFTEN,
                        "More than " + rate.perMinute() + " requests came within a minute.",
                        "Wait as Retry-After says, and send several events at once.",
                        wait.get()));
            }
        }
    }

    /** The events of the request, named. */
    List<KeptEvent> events(WebhookRequest request, BodyReader reader, byte[] body, Instant now)
            throws RefusedException {
        checkHeaders(request);
        List<SentEvent> sent = reader.events(body, scanner);
        SortedMap<String, String> headers = new TreeMap<>();
        endpoint.headers().stream()
                .filter(name -> !name.equals(endpoint.auth().header()) && !Redaction.isSecret(name))
                .forEach(name -> request.header(name).ifPresent(value -> headers.put(name, redacted(value))));
        String sender = sender(request);
        EventIds ids = new EventIds(endpoint, request);
        List<KeptEvent> events = new ArrayList<>();
        for (SentEvent event : sent) {
            String id = ids.of(event, event.content(), events.size(), sent.size());
            events.add(new KeptEvent(id, now, headers, sender, event));
        }
        return events;
    }

    /** Refuses what no header may hold and neither a terminal nor a database would take for text. */
    private void checkHeaders(WebhookRequest request) throws RefusedException {
        List<String> names = new ArrayList<>(endpoint.headers());
        endpoint.eventId().stream()
                .flatMap(part -> Optional.ofNullable(part.header()).stream())
                .forEach(names::add);
        for (String name : names) {
            if (request.header(name)
                    .filter(value -> value.chars().anyMatch(Door::isControl))
                    .isPresent()) {
                throw Invalid.control(name);
            }
        }
    }

    private static boolean isControl(int character) {
        return Character.isISOControl(character) && character != '\t';
    }

    /** As it calls itself, without what a terminal would take for commands. */
    private String sender(WebhookRequest request) {
        String sender = SENDER.stream()
                .flatMap(name -> request.header(name).stream())
                .map(value -> redacted(value)
                        .codePoints()
                        .filter(letter -> !Character.isISOControl(letter))
                        .limit(MOST_OF_SENDER)
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString())
                .collect(Collectors.joining(" "));
        return sender.strip();
    }

    private String redacted(String value) {
        String redacted = value;
        for (String secret : secrets) {
            redacted = redacted.replace(secret, Redaction.INSTEAD);
        }
        return redacted;
    }

    private static RefusedException unauthorized() {
        return new RefusedException(Receipt.Refused.of(
                ErrorCode.WEBHOOK_UNAUTHORIZED,
                "The sender of this request is not known.",
                "Send what the endpoint's auth asks for; nothing was kept."));
    }
}
