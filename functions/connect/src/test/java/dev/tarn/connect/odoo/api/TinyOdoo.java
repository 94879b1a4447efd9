package dev.tarn.connect.odoo.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.model.SecretRef;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Tables in memory behind both protocols, as far as an extraction uses them, with what was measured of a real Odoo 19: dates
 * are told to the second and compared by it, archived records are hidden unless asked for, nothing tells of deletes. Before
 * 19 dates are compared by the microsecond.
 */
public final class TinyOdoo implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String KEY = "0123456789abcdef0123456789abcdef01234567";

    private final LoopbackServer server;
    private final int version;
    private final Map<String, Model> models = new TreeMap<>();
    private Runnable beforeEach = () -> {};
    private int cap = Integer.MAX_VALUE;
    private boolean passwordOnly;

    private TinyOdoo(int version) throws IOException {
        this.version = version;
        this.server = LoopbackServer.start(this::answer);
    }

    public static TinyOdoo start(int version) throws IOException {
        TinyOdoo odoo = new TinyOdoo(version);
        odoo.model("res.users", Map.of("login", "char", "company_id", "many2one", "company_ids", "many2many"))
                .put(2, Instant.EPOCH, user -> {
                    user.put("login", "tarn@example.com");
                    user.putArray("company_id").add(3).add("Three");
                    user.putArray("company_ids").add(1).add(3);
                });
        odoo.model("res.lang", Map.of("code", "char"))
                .put(1, Instant.EPOCH, lang -> lang.put("code", "en_US"))
                .put(2, Instant.EPOCH, lang -> lang.put("code", "es_ES"));
        return odoo;
    }

    /** Where it answers. */
    public URI url() {
        return server.url();
    }

    /** What lets in. */
    public String key() {
        return KEY;
    }

    ApiLogin login() {
        return new ApiLogin("odoo", null, server.url(), "o19", "tarn@example.com", new SecretRef("odoo-api-key"), KEY);
    }

    List<LoopbackServer.Request> requests() {
        return server.requests();
    }

    /** Something that happens in Odoo before each request is answered. */
    public void beforeEach(Runnable change) {
        beforeEach = change;
    }

    /** As a server that gives no more records at once, whatever it is asked for. */
    void cap(int records) {
        cap = records;
    }

    /** As when the secret is no API key. */
    void takesPasswordOnly() {
        passwordOnly = true;
    }

    public Model model(String name, Map<String, String> types) {
        return models.computeIfAbsent(name, model -> new Model(types));
    }

    /** One model's records; everything of it is guarded by itself. */
    public final class Model {

        private record Stored(Instant written, boolean active, ObjectNode values) {}

        private final Map<String, String> types;
        private final TreeMap<Long, Stored> records = new TreeMap<>();
        private List<String> rights = List.of("read");
        private boolean hidesFields;

        private Model(Map<String, String> types) {
            this.types = new TreeMap<>(types);
            this.types.put("id", "integer");
            this.types.put("write_date", "datetime");
        }

        public synchronized Model put(long id, @Nullable Instant written, Consumer<ObjectNode> values) {
            return put(id, written, true, values);
        }

        synchronized Model put(long id, @Nullable Instant written, boolean active, Consumer<ObjectNode> values) {
            ObjectNode record = JsonNodeFactory.instance.objectNode();
            values.accept(record);
            records.put(id, new Stored(written == null ? Instant.MIN : written, active, record));
            return this;
        }

        /** As a model without the fields that Odoo keeps itself. */
        synchronized void undated() {
            types.remove("write_date");
        }

        /** What the user may do with its records: read, write, create, unlink. */
        public synchronized void rights(String... operations) {
            rights = List.of(operations);
        }

        public synchronized void field(String name, String type) {
            types.put(name, type);
        }

        /** As attachments that are fields of other records: hidden from who does not ask for ids. */
        synchronized void hidesFields() {
            hidesFields = true;
        }

        synchronized void noField(String name) {
            types.remove(name);
        }

        /** Whether the record is not there, or was not written after that moment. */
        synchronized boolean writtenBefore(long id, Instant moment) {
            Stored stored = records.get(id);
            return stored == null || !stored.written().isAfter(moment);
        }

        synchronized boolean writtenInSecondOf(long id, Instant moment) {
            Stored stored = records.get(id);
            return stored != null && stored.written().getEpochSecond() == moment.getEpochSecond();
        }

        synchronized String text(long id, String field) {
            return records.get(id).values().path(field).asText();
        }

        public synchronized void delete(long id) {
            records.remove(id);
        }

        synchronized List<Long> ids() {
            return List.copyOf(records.keySet());
        }

        private synchronized List<Map.Entry<Long, Stored>> search(JsonNode domain, JsonNode named, int most) {
            Comparator<Map.Entry<Long, Stored>> order = Map.Entry.comparingByKey();
            String wanted = named.path("order").asText();
            if (wanted.startsWith("write_date asc")) {
                order = Comparator.comparing(
                                (Map.Entry<Long, Stored> row) -> row.getValue().written())
                        .thenComparing(Map.Entry.comparingByKey());
            } else if (wanted.startsWith("write_date desc")) {
                order = Comparator.comparing(
                                (Map.Entry<Long, Stored> row) -> row.getValue().written())
                        .reversed();
            }
            boolean hidden = named.path("context").path("active_test").asBoolean(true);
            Predicate<Map.Entry<Long, Stored>> condition =
                    row -> !hidden || row.getValue().active();
            if (hidesFields
                    && StreamSupport.stream(domain.spliterator(), false)
                            .noneMatch(term -> term.path(0).asText().equals("id"))) {
                condition = condition.and(
                        row -> !row.getValue().values().path("res_field").isTextual());
            }
            for (JsonNode term : domain) {
                condition = condition.and(
                        row -> holds(term, row.getKey(), row.getValue().written()));
            }
            int limit = named.path("limit").asInt(Integer.MAX_VALUE);
            return records.entrySet().stream()
                    .filter(condition)
                    .sorted(order)
                    .limit(Math.min(limit, most))
                    .map(row -> Map.entry(row.getKey(), row.getValue()))
                    .toList();
        }

        /** One group of everything, with the sums as a real one rounds them. */
        private ArrayNode sums(JsonNode domain, JsonNode named, JsonNode wanted, boolean formatted) {
            List<Map.Entry<Long, Stored>> found = search(domain, named, Integer.MAX_VALUE);
            ArrayNode groups = JsonNodeFactory.instance.arrayNode();
            ObjectNode group = groups.addObject().put("__count", found.size());
            for (JsonNode aggregate : wanted) {
                String[] parts = aggregate.asText().split(":");
                BigDecimal sum = found.stream()
                        .map(row -> row.getValue().values().path(parts[0]))
                        .map(value -> value.isNumber() ? value.decimalValue() : BigDecimal.ZERO)
                        .reduce(BigDecimal.ZERO, BigDecimal::add);
                if (parts.length == 2 && types.get(parts[0]).equals("integer")) {
                    group.put(formatted ? aggregate.asText() : parts[0], sum.longValueExact());
                } else if (parts.length == 2) {
                    group.put(formatted ? aggregate.asText() : parts[0], sum.doubleValue());
                }
            }
            return groups;
        }

        private ObjectNode shown(Map.Entry<Long, Stored> row, JsonNode named) {
            JsonNode fields = named.path("fields");
            boolean sizes = named.path("context").path("bin_size").asBoolean();
            ObjectNode shown = JsonNodeFactory.instance.objectNode().put("id", row.getKey());
            for (JsonNode field : fields) {
                String name = field.asText();
                Instant written = row.getValue().written();
                if (name.equals("write_date") && !written.equals(Instant.MIN)) {
                    shown.put(name, ApiValues.text(written.truncatedTo(ChronoUnit.SECONDS)));
                } else if (sizes && "binary".equals(types.get(name))) {
                    shown.put(name, "11.00 bytes");
                } else if (!name.equals("id")) {
                    shown.set(
                            name,
                            row.getValue().values().path(name).isMissingNode()
                                    ? JsonNodeFactory.instance.booleanNode(false)
                                    : row.getValue().values().path(name));
                }
            }
            return shown;
        }
    }

    private boolean holds(JsonNode term, long id, Instant written) {
        JsonNode value = term.path(2);
        String operator = term.path(1).asText();
        if (term.path(0).asText().equals("id")) {
            if (operator.equals("in")) {
                for (JsonNode each : value) {
                    if (each.longValue() == id) {
                        return true;
                    }
                }
                return false;
            }
            return holds(operator, Long.compare(id, value.longValue()));
        }
        if (value.isBoolean()) {
            return operator.equals("=") == written.equals(Instant.MIN);
        }
        Instant seen =
                version >= 19 && !written.equals(Instant.MIN) ? written.truncatedTo(ChronoUnit.SECONDS) : written;
        return !written.equals(Instant.MIN)
                && holds(
                        operator,
                        seen.compareTo(ApiValues.second(value.asText()).orElseThrow()));
    }

    private static boolean holds(String operator, int comparison) {
        switch (operator) {
            case ">=":
                return comparison >= 0;
            case ">":
                return comparison > 0;
            case "<":
                return comparison < 0;
            default:
                throw new IllegalArgumentException(operator);
        }
    }

    /** What a real one does when the user may not. */
    private static final class AccessError extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private LoopbackServer.Response answer(LoopbackServer.Request request) {
        ObjectNode denied = JsonNodeFactory.instance.objectNode().put("name", "odoo.exceptions.AccessError");
        try {
            return answered(request);
        } catch (AccessError e) {
            return request.path().equals("/jsonrpc")
                    ? LoopbackServer.Response.json(200, "{\"error\": {\"data\": " + denied + "}}")
                    : LoopbackServer.Response.json(403, denied.toString());
        }
    }

    private LoopbackServer.Response answered(LoopbackServer.Request request) {
        try {
            beforeEach.run();
            if (request.path().equals("/web/version")) {
                return version >= 19
                        ? LoopbackServer.Response.json(200, "{\"version\": \"" + version + ".0\"}")
                        : LoopbackServer.Response.html(404, "<h1>Not Found</h1>");
            }
            JsonNode body = MAPPER.readTree(request.body());
            if (request.path().equals("/jsonrpc")) {
                return LoopbackServer.Response.json(
                        200,
                        JsonNodeFactory.instance
                                .objectNode()
                                .put("jsonrpc", "2.0")
                                .put("id", 1)
                                .set("result", rpc(body.path("params")))
                                .toString());
            }
            if (passwordOnly
                    || !List.of("bearer " + KEY).equals(request.headers().get("Authorization"))) {
                return LoopbackServer.Response.json(401, "{\"name\": \"werkzeug.exceptions.Unauthorized\"}");
            }
            String[] parts = request.path().split("/");
            JsonNode first = body.has("ids") ? body.path("ids") : body.path("domain");
            return LoopbackServer.Response.json(
                    200, call(parts[3], parts[4], first, body).toString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode rpc(JsonNode params) {
        JsonNode args = params.path("args");
        switch (params.path("method").asText()) {
            case "version":
                return JsonNodeFactory.instance.objectNode().put("server_version", version + ".0");
            case "authenticate":
                return args.path(2).asText().equals(KEY)
                        ? JsonNodeFactory.instance.numberNode(2)
                        : JsonNodeFactory.instance.booleanNode(false);
            default:
                return call(
                        args.path(3).asText(),
                        args.path(4).asText(),
                        args.path(5).path(0),
                        args.path(6));
        }
    }

    private JsonNode call(String name, String method, JsonNode first, JsonNode named) {
        if (name.equals("ir.model")) {
            ArrayNode names = JsonNodeFactory.instance.arrayNode();
            models.keySet().forEach(model -> names.addObject().put("id", 1).put("model", model));
            return names;
        }
        Model model = models.get(name);
        if ((method.startsWith("search") || method.endsWith("read_group")) && !model.rights.contains("read")) {
            throw new AccessError();
        }
        switch (method) {
            case "has_access":
            case "check_access_rights":
                return JsonNodeFactory.instance.booleanNode(
                        model.rights.contains(named.path("operation").asText()));
            case "context_get":
                return JsonNodeFactory.instance.objectNode().put("uid", 2);
            case "fields_get":
                ObjectNode fields = JsonNodeFactory.instance.objectNode();
                model.types.forEach((field, type) ->
                        fields.putObject(field).put("type", type).put("store", true));
                return fields;
            case "search_count":
                return JsonNodeFactory.instance.numberNode(
                        model.search(first, named, Integer.MAX_VALUE).size());
            case "formatted_read_group":
                return model.sums(first, named, named.path("aggregates"), true);
            case "read_group":
                return model.sums(first, named, named.path("fields"), false);
            case "search_read":
                ArrayNode found = JsonNodeFactory.instance.arrayNode();
                model.search(first, named, cap).forEach(row -> found.add(model.shown(row, named)));
                return found;
            default:
                ArrayNode read = JsonNodeFactory.instance.arrayNode();
                model.search(JsonNodeFactory.instance.arrayNode(), JsonNodeFactory.instance.objectNode(), cap).stream()
                        .filter(row -> StreamSupport.stream(first.spliterator(), false)
                                .anyMatch(id -> id.longValue() == row.getKey()))
                        .forEach(row -> read.add(model.shown(row, named)));
                return read;
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
