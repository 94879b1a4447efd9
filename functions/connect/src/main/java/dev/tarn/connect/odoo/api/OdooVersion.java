package dev.tarn.connect.odoo.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which Odoo a server is.
 *
 * @param text as the server says it, {@code 19.0} or {@code saas~18.2+e}
 * @param major 19
 */
record OdooVersion(String text, int major) {

    private static final Pattern VERSION = Pattern.compile("(?:saas[~-])?(\\d{1,4})(?:\\.\\d+)?[\\w.+~-]{0,40}");

    /** The text of a version; empty when it is none. */
    static Optional<OdooVersion> parse(String text) {
        Matcher matcher = VERSION.matcher(text);
        return matcher.matches()
                ? Optional.of(new OdooVersion(text, Integer.parseInt(matcher.group(1))))
                : Optional.empty();
    }

    /** Asks without a login: first as Odoo 19 and later, then as any Odoo before 20 does. */
    static OdooVersion ask(ApiLogin login, OdooHttp http, Patience patience) {
        ApiRefusals refusals = new ApiRefusals(login);
        Optional<OdooVersion> version =
                tell(refusals, patience, () -> http.ask(login.at("/web/version"), Map.of(), null), true, "version");
        if (version.isEmpty()) {
            ObjectNode request = OdooCall.JSON.objectNode();
            request.put("jsonrpc", "2.0").put("method", "call").put("id", 1);
            request.putObject("params")
                    .put("service", "common")
                    .put("method", "version")
                    .putArray("args");
            URI address = login.at("/jsonrpc");
            version = tell(
                    refusals,
                    patience,
                    () -> http.ask(address, Map.of(), OdooApi.bytes(request)),
                    false,
                    "result",
                    "server_version");
        }
        return version.orElseThrow(() -> refusals.unexpected("the question for its version"));
    }

    private interface Question {
        Outcome ask();
    }

    /** @param mayBeUnknown whether a page instead of an answer only means that the question is not known */
    private static Optional<OdooVersion> tell(
            ApiRefusals refusals, Patience patience, Question question, boolean mayBeUnknown, String... path) {
        Instant begun = patience.clock().instant();
        for (int attempt = 1; ; attempt++) {
            Outcome outcome = question.ask();
            Reply reply = refusals.unreadable(outcome).orElse(null);
            if (reply == null) {
                return version((Outcome.Answered) outcome, path);
            }
            if (reply instanceof Reply.Refused refused) {
                if (mayBeUnknown) {
                    return Optional.empty();
                }
                throw refused.refusal();
            }
            OdooApi.rest(refusals, patience, again(reply), attempt, begun);
        }
    }

    private static Reply.Again again(Reply reply) {
        return reply instanceof Reply.TooMuch much
                ? new Reply.Again(ErrorCode.SOURCE_UNREACHABLE, much.what(), null, null)
                : (Reply.Again) reply;
    }

    private static Optional<OdooVersion> version(Outcome.Answered answer, String... path) {
        try {
            JsonNode found = OdooApi.parse(answer.body());
            for (String name : path) {
                found = found.path(name);
            }
            return parse(text(found));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String text(@Nullable JsonNode node) {
        return node == null || !node.isTextual() ? "" : node.textValue();
    }

    /** @throws TarnException CONFIGURATION_INVALID when the project was written for another one */
    void require(int expected, ApiRefusals refusals, ApiLogin login) {
        if (major != expected) {
            throw refusals.refusal(
                    ErrorCode.CONFIGURATION_INVALID,
                    "it is written for Odoo " + expected + ", but " + login.server() + " is Odoo " + text,
                    "Correct the version, after a look at the columns that your SQL uses, or the url.",
                    null);
        }
    }
}
