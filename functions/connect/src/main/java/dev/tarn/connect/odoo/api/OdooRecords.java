package dev.tarn.connect.odoo.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Nearest;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The records of an Odoo, archived ones included, as one user sees them in one language and some companies. Bytes are sent
 * by {@link #files} only.
 */
final class OdooRecords {

    private static final int MOST_LANGUAGES = 1000;
    /** The first version that has it in place of check_access_rights. */
    private static final int FIRST_WITH_HAS_ACCESS = 18;
    /** The first version that has it in place of read_group. */
    private static final int FIRST_WITH_FORMATTED_READ_GROUP = 19;

    private static final String COUNT = "__count";
    private static final String SUM = ":sum";

    private final OdooApi api;
    private final String language;
    private final List<Integer> companies;

    private OdooRecords(OdooApi api, String language, List<Integer> companies) {
        this.api = api;
        this.language = language;
        this.companies = List.copyOf(companies);
    }

    /**
     * Checks language and companies.
     *
     * @param companies ids, the first of which decides values that are kept by company; empty for all of the user's, the user's own first
     * @throws TarnException CONFIGURATION_INVALID; SOURCE_LOGIN_REFUSED for a key that is another user's
     */
    static OdooRecords open(OdooApi api, String language, List<Integer> companies) {
        OdooCall self = OdooCall.on("res.users", "read", api.userId());
        self.named().putArray("fields").add("login").add("company_id").add("company_ids");
        JsonNode user = api.call(self).path(0);
        if (!user.path("login").isTextual()) {
            throw api.refusals().unexpected(self);
        }
        ApiLogin login = api.login();
        if (!user.path("login").textValue().equalsIgnoreCase(login.user())) {
            throw api.refusals()
                    .refusal(
                            ErrorCode.SOURCE_LOGIN_REFUSED,
                            "the key in the secret " + login.secret().name() + " belongs to another user than "
                                    + login.user(),
                            "Correct user, or set the secret to a key of " + login.user() + ".",
                            null);
        }
        Set<Integer> ordered = new LinkedHashSet<>();
        if (user.path("company_id").isArray()) {
            ordered.add(user.path("company_id").path(0).intValue());
        }
        Set<Integer> others = new TreeSet<>();
        user.path("company_ids").forEach(id -> others.add(id.intValue()));
        ordered.addAll(others);
        List<Integer> allowed = List.copyOf(ordered);
        OdooRecords records = new OdooRecords(api, language, companies.isEmpty() ? allowed : companies);
        requireCompanies(api, allowed, companies);
        records.requireLanguage();
        return records;
    }

    private static void requireCompanies(OdooApi api, List<Integer> allowed, List<Integer> companies) {
        List<String> refused = companies.stream()
                .filter(id -> !allowed.contains(id))
                .map(id -> Integer.toString(id))
                .toList();
        if (!refused.isEmpty()) {
            throw api.refusals()
                    .refusal(
                            ErrorCode.CONFIGURATION_INVALID,
                            api.login().user() + " is not allowed into company " + String.join(", ", refused),
                            "In Odoo, add it to the user's allowed companies, or correct companies.",
                            null);
        }
    }

    private void requireLanguage() {
        OdooCall call = OdooCall.over("res.lang", "search_read", OdooCall.JSON.arrayNode());
        call.named().put("limit", MOST_LANGUAGES).putArray("fields").add("code");
        Set<String> codes = new TreeSet<>();
        api.call(call).forEach(row -> codes.add(row.path("code").asText()));
        if (!codes.contains(language)) {
            throw api.refusals()
                    .refusal(
                            ErrorCode.CONFIGURATION_INVALID,
                            "language " + language + " is not active in " + api.login(),
                            Nearest.sentence(language, codes, "Active: " + String.join(", ", codes) + "."),
                            null);
        }
    }

    OdooApi api() {
        return api;
    }

    String language() {
        return language;
    }

    /** The one whose values fields have that are kept by company; 0 when the user has none. */
    int company() {
        return companies.isEmpty() ? 0 : companies.get(0);
    }

    List<Integer> companies() {
        return companies;
    }

    /** Names of all models; empty when the user may not read them. */
    Optional<Set<String>> models() {
        OdooCall call = OdooCall.over("ir.model", "search_read", OdooCall.JSON.arrayNode());
        call.named().putArray("fields").add("model");
        try {
            Set<String> names = new TreeSet<>();
            api.call(call).forEach(row -> names.add(row.path("model").asText()));
            return Optional.of(names);
        } catch (TarnException refused) {
            if (refused.code() == ErrorCode.SOURCE_LOGIN_REFUSED) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /** Fields of a model that the user may see. */
    Map<String, ApiField> fields(String model) {
        OdooCall call = OdooCall.of(model, "fields_get");
        ArrayNode attributes = call.named().putArray("attributes");
        List.of("type", "store", "company_dependent", "translate", "digits").forEach(attributes::add);
        JsonNode described = api.call(call);
        if (!described.isObject()) {
            throw api.refusals().unexpected(call);
        }
        Map<String, ApiField> fields = new LinkedHashMap<>();
        described
                .properties()
                .forEach(field -> fields.put(field.getKey(), ApiField.parse(field.getKey(), field.getValue())));
        return fields;
    }

    /** Whether the user may do that with records of the model: read, write, create or unlink. */
    boolean may(String operation, String model) {
        boolean old = api.version().major() < FIRST_WITH_HAS_ACCESS;
        OdooCall call = old ? OdooCall.of(model, "check_access_rights") : OdooCall.onNone(model, "has_access");
        call.named().put("operation", operation);
        if (old) {
            call.named().put("raise_exception", false);
        }
        JsonNode may = api.call(call);
        if (!may.isBoolean()) {
            throw api.refusals().unexpected(call);
        }
        return may.booleanValue();
    }

    /** How many records there are. */
    long count(String model, ArrayNode domain) {
        OdooCall call = OdooCall.over(model, "search_count", domain);
        context(call.named());
        JsonNode count = api.call(call);
        if (!count.isIntegralNumber()) {
            throw api.refusals().unexpected(call);
        }
        return count.longValue();
    }

    /** How many records there are, and what fields of them add up to, as the server rounds it. */
    record Sums(long count, List<Double> sums) {
        Sums {
            sums = List.copyOf(sums);
        }
    }

    /** Adds up stored numbers. What is no number, as the sum of one that is none, is NaN. */
    Sums sums(String model, ArrayNode domain, List<String> fields) {
        if (fields.isEmpty()) {
            return new Sums(count(model, domain), List.of());
        }
        boolean formatted = api.version().major() >= FIRST_WITH_FORMATTED_READ_GROUP;
        OdooCall call = OdooCall.over(model, formatted ? "formatted_read_group" : "read_group", domain);
        call.named().putArray("groupby");
        ArrayNode wanted = call.named().putArray(formatted ? "aggregates" : "fields");
        fields.forEach(field -> wanted.add(field + SUM));
        if (formatted) {
            wanted.add(COUNT);
        } else {
            call.named().put("lazy", false);
        }
        context(call.named());
        JsonNode group = api.call(call).path(0);
        if (!group.path(COUNT).isIntegralNumber()) {
            throw api.refusals().unexpected(call);
        }
        List<Double> sums = new ArrayList<>();
        for (String field : fields) {
            JsonNode sum = group.path(formatted ? field + SUM : field);
            boolean nothing = sum.isNull() || sum.isBoolean();
            // Adding zero takes the sign of a negative zero away.
            sums.add(nothing ? 0 : sum.isNumber() ? sum.doubleValue() + 0 : Double.NaN);
        }
        return new Sums(group.path(COUNT).longValue(), sums);
    }

    /**
     * At most {@code limit} records in that order.
     *
     * @throws TooMuchException when a smaller page has to be asked for
     */
    List<ObjectNode> page(String model, List<String> fields, ArrayNode domain, String order, int limit)
            throws TooMuchException {
        OdooCall call = OdooCall.over(model, "search_read", domain);
        call.named().put("order", order).put("limit", limit);
        ArrayNode names = call.named().putArray("fields");
        fields.forEach(names::add);
        context(call.named());
        return records(call, api.page(call));
    }

    /** The files of these records, of those that have one. */
    List<byte[]> files(String model, List<Long> ids) {
        OdooCall call = OdooCall.on(model, "read", ids);
        call.named().putArray("fields").add("datas");
        context(call.named());
        // Else the server tells how many bytes they have.
        ((ObjectNode) call.named().path("context")).put("bin_size", false);
        List<byte[]> files = new ArrayList<>();
        for (ObjectNode record : records(call, api.call(call))) {
            if (record.path("datas").isTextual()) {
                try {
                    files.add(record.path("datas").binaryValue());
                } catch (IOException e) {
                    throw api.refusals().unexpected(call);
                }
            }
        }
        return files;
    }

    private List<ObjectNode> records(OdooCall call, @Nullable JsonNode answer) {
        List<ObjectNode> records = new ArrayList<>();
        if (answer == null || !answer.isArray()) {
            throw api.refusals().unexpected(call);
        }
        for (JsonNode record : answer) {
            if (!(record instanceof ObjectNode object) || !record.path("id").canConvertToExactIntegral()) {
                throw api.refusals().unexpected(call);
            }
            records.add(object);
        }
        return records;
    }

    private void context(ObjectNode named) {
        ObjectNode context = named.putObject("context");
        context.put("active_test", false).put("lang", language).put("bin_size", true);
        if (!companies.isEmpty()) {
            ArrayNode allowed = context.putArray("allowed_company_ids");
            companies.forEach(allowed::add);
        }
    }
}
