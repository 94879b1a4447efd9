package dev.tarn.compiler.project;

import dev.tarn.model.Column;
import dev.tarn.model.EventIdPart;
import dev.tarn.model.IpRange;
import dev.tarn.model.Nearest;
import dev.tarn.model.WebhookAuth;
import dev.tarn.model.WebhookColumns;
import dev.tarn.model.WebhookSource.Endpoint;
import dev.tarn.model.WebhookSource.Misfit;
import dev.tarn.model.WebhookSource.SameId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one entry of {@code endpoints}. */
final class EndpointReader {

    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(90);
    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,7})(KB|MB)");
    private static final Pattern PER_MINUTE = Pattern.compile("([1-9][0-9]{0,6})/m");
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,60}");
    private static final Map<String, SameId> SAME_ID =
            Map.of("keep_as_conflict", SameId.KEEP_AS_CONFLICT, "refuse", SameId.REFUSE);
    private static final Map<String, Misfit> MISFIT =
            Map.of("rescue", Misfit.RESCUE, "add", Misfit.ADD, "fail", Misfit.FAIL, "none", Misfit.NONE);

    private final YamlMap yaml;

    EndpointReader(YamlMap yaml) {
        this.yaml = yaml;
    }

    Optional<Endpoint> read() {
        yaml.allow(
                "name",
                "auth",
                "ip_ranges",
                "event_id",
                "items",
                "same_id_other_content",
                "remember_ids",
                "max_body",
                "rate",
                "headers",
                "columns",
                "schema");
        Optional<String> name = yaml.required("name").flatMap(this::name);
        Optional<WebhookAuth> auth = yaml.map("auth", true).flatMap(map -> new WebhookAuthReader(map).read());
        List<IpRange> ipRanges = ipRanges();
        List<EventIdPart> eventId = parts("event_id");
        List<Column> columns =
                yaml.map("columns", false).map(EndpointReader::columns).orElse(List.of());
        SameId sameId = word("same_id_other_content", SAME_ID, SameId.KEEP_AS_CONFLICT);
        Misfit misfit = word("schema", MISFIT, Misfit.RESCUE);
        Duration remember = remember();
        long maxBody = maxBody();
        @Nullable Integer perMinute = perMinute();
        @Nullable EventIdPart items = items();
        List<String> headers = headers();
        if (name.isEmpty() || auth.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Endpoint(
                name.get(),
                Endpoint.tableOf(name.get()),
                auth.get(),
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
                yaml.position("name")));
    }

    private Optional<String> name(String text) {
        return Endpoint.isName(text)
                ? Optional.of(text)
                : yaml.invalid(
                        "name",
                        "'" + text + "' cannot be the name of an endpoint.",
                        "Write small letters, digits and _, beginning with a letter, at most 41: name: orders.");
    }

    private List<IpRange> ipRanges() {
        if (!yaml.has("ip_ranges")) {
            return List.of();
        }
        List<IpRange> ranges = new ArrayList<>();
        List<String> texts = yaml.texts("ip_ranges");
        for (String text : texts) {
            Optional<IpRange> range = IpRange.tryParse(text);
            if (range.isEmpty()) {
                yaml.invalid(
                        "ip_ranges",
                        "'" + text + "' is no range of addresses.",
                        "Write ip_ranges: [203.0.113.0/24, \"2001:db8::/32\"], or single addresses; names are not looked up.");
            } else if (!range.get().equals(range.get().fromFirst())) {
                yaml.invalid(
                        "ip_ranges",
                        "'" + text + "' is an address within a range.",
                        "Write " + range.get().fromFirst() + ", or the address alone.");
            } else {
                ranges.add(range.get());
            }
        }
        if (texts.isEmpty()) {
            yaml.invalid(
                    "ip_ranges",
                    "'ip_ranges' names no range, so nobody could send.",
                    "Name one, or leave ip_ranges out to let senders come from anywhere.");
        }
        return ranges;
    }

    private List<EventIdPart> parts(String key) {
        if (!yaml.has(key)) {
            return List.of();
        }
        List<String> texts =
                yaml.isList(key) ? yaml.texts(key) : yaml.text(key).stream().toList();
        List<EventIdPart> parts = new ArrayList<>();
        for (String text : texts) {
            EventIdPart.tryParse(text)
                    .ifPresentOrElse(
                            parts::add,
                            () -> yaml.invalid(
                                    key,
                                    "'" + text + "' is no place of an event's id.",
                                    "Write a path of plain names into the payload, $.record.id, or a header, header:idempotency-key."));
        }
        return parts;
    }

    private @Nullable EventIdPart items() {
        Optional<EventIdPart> part = yaml.text("items").flatMap(EventIdPart::tryParse);
        if (yaml.has("items") && part.filter(found -> found.header() == null).isEmpty()) {
            yaml.invalid(
                    "items",
                    "'items' is no path into the body.",
                    "Write the path of plain names to the list whose entries are events: items: $.data.");
        }
        return part.orElse(null);
    }

    private Duration remember() {
        Duration remember = yaml.duration("remember_ids").orElse(Endpoint.USUALLY_REMEMBERED);
        if (remember.compareTo(SHORTEST) < 0 || remember.compareTo(LONGEST) > 0) {
            yaml.invalid(
                    "remember_ids",
                    "'remember_ids' must be between 1 minute and 90 days.",
                    "Write how long senders may repeat an event: remember_ids: 7d.");
            return Endpoint.USUALLY_REMEMBERED;
        }
        return remember;
    }

    private long maxBody() {
        Optional<String> text = yaml.text("max_body");
        if (text.isEmpty()) {
            return Endpoint.USUAL_BODY;
        }
        Matcher matcher = SIZE.matcher(text.get());
        long bytes = matcher.matches()
                ? Long.parseLong(matcher.group(1)) * (matcher.group(2).equals("KB") ? 1_000 : 1_000_000)
                : 0;
        if (bytes < 1 || bytes > Endpoint.MOST_BODY) {
            yaml.invalid(
                    "max_body",
                    "'max_body' is no size of a request between 1KB and 16MB.",
                    "Write 500KB or 2MB; a request is held in memory.");
            return Endpoint.USUAL_BODY;
        }
        return bytes;
    }

    private @Nullable Integer perMinute() {
        return yaml.text("rate")
                .flatMap(text -> {
                    Matcher matcher = PER_MINUTE.matcher(text);
                    return matcher.matches()
                            ? Optional.of(Integer.valueOf(matcher.group(1)))
                            : yaml.<Integer>invalid(
                                    "rate",
                                    "'rate' is no number of requests.",
                                    "Write those of a minute: rate: 600/m.");
                })
                .orElse(null);
    }

    private List<String> headers() {
        Set<String> names = new LinkedHashSet<>();
        for (String name : yaml.has("headers") ? yaml.texts("headers") : List.<String>of()) {
            if (HEADER.matcher(name).matches()) {
                names.add(name.toLowerCase(Locale.ROOT));
            } else {
                yaml.invalid(
                        "headers", "'" + name + "' is not the name of a header.", "Write headers: [x-request-id].");
            }
        }
        return List.copyOf(names);
    }

    private static List<Column> columns(YamlMap yaml) {
        List<Column> columns = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        for (String name : yaml.keys()) {
            if (name.isBlank() || name.startsWith("_") || WebhookColumns.isOwn(name)) {
                yaml.invalid(
                        name,
                        "'" + name + "' cannot be a column of an event's payload: Tarn has that name.",
                        "Leave it out, and read it from payload with get_json_object.");
            } else if (!names.add(name.toLowerCase(Locale.ROOT))) {
                yaml.invalid(name, "Column " + name + " is declared twice, in another case.", "Keep one of them.");
            } else {
                yaml.required(name)
                        .flatMap(text -> ScalarTypes.tryParse(text).or(() -> noType(yaml, name, text)))
                        .ifPresent(type -> columns.add(new Column(name, type)));
            }
        }
        return columns;
    }

    private static <T> Optional<T> noType(YamlMap yaml, String name, String text) {
        return yaml.invalid(
                name,
                text + " is not a type that a column of a payload can have.",
                "Use " + ScalarTypes.WORDS + "; a list or an object is its JSON in a STRING.");
    }

    private <T> T word(String key, Map<String, T> possible, T usual) {
        return yaml.text(key)
                .flatMap(text -> possible.containsKey(text)
                        ? Optional.of(possible.get(text))
                        : yaml.<T>invalid(
                                key,
                                "'" + text + "' is nothing that '" + key + "' can be here.",
                                Nearest.sentence(
                                        text,
                                        possible.keySet(),
                                        "Possible: "
                                                + String.join(
                                                        ", ",
                                                        possible.keySet().stream()
                                                                .sorted()
                                                                .toList()) + ".")))
                .orElse(usual);
    }
}
