package dev.tarn.connect.odoo.api;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * An Odoo that answers, and a user who is let in. Calls only read, so each is repeated while the server has too much to do,
 * within what {@link Patience} allows. Two protocols: JSON-2 since Odoo 19, JSON-RPC up to Odoo 19.
 */
abstract sealed class OdooApi permits Json2Api, JsonRpcApi {

    /** The first version that knows JSON-2. */
    static final int FIRST_WITH_JSON2 = 19;

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            // Python writes NaN where a float is none.
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final ApiLogin login;
    private final OdooVersion version;
    private final OdooHttp http;
    private final Patience patience;
    private final ApiRefusals refusals;

    OdooApi(ApiLogin login, OdooVersion version, OdooHttp http, Patience patience) {
        this.login = requireNonNull(login, "login");
        this.version = requireNonNull(version, "version");
        this.http = http;
        this.patience = patience;
        this.refusals = new ApiRefusals(login);
    }

    /**
     * Asks the server which Odoo it is and logs in: by JSON-2 where there is one, else, or when the secret is a password,
     * by JSON-RPC.
     *
     * @throws TarnException SOURCE_UNREACHABLE, SOURCE_BUSY, SOURCE_NOT_ODOO, SOURCE_LOGIN_REFUSED, CONFIGURATION_INVALID
     */
    static OdooApi connect(ApiLogin login, Patience patience) {
        OdooHttp http = new OdooHttp(patience);
        OdooVersion version = OdooVersion.ask(login, http, patience);
        if (version.major() >= FIRST_WITH_JSON2) {
            Optional<OdooApi> json2 = Json2Api.open(login, version, http, patience);
            if (json2.isPresent()) {
                return json2.get();
            }
        }
        return JsonRpcApi.open(login, version, http, patience);
    }

    /** What the protocol is called. */
    abstract String protocol();

    /** Id of the user who is logged in. */
    abstract int userId();

    /** Where the call goes. */
    abstract URI address(OdooCall call);

    abstract Map<String, String> headers();

    abstract JsonNode request(OdooCall call);

    /** What an answer in JSON means. */
    abstract Reply reply(Outcome.Answered answer, JsonNode json);

    ApiLogin login() {
        return login;
    }

    OdooVersion version() {
        return version;
    }

    Patience patience() {
        return patience;
    }

    ApiRefusals refusals() {
        return refusals;
    }

    /** Calls, with all the patience there is. */
    JsonNode call(OdooCall call) {
        try {
            return call(call, false);
        } catch (TooMuchException e) {
            throw e.refusal();
        }
    }

    /**
     * Calls for a page of rows.
     *
     * @throws TooMuchException when a smaller page has to be asked for
     */
    JsonNode page(OdooCall call) throws TooMuchException {
        return call(call, true);
    }

    private JsonNode call(OdooCall call, boolean canBeSmaller) throws TooMuchException {
        Reply reply = ask(call, canBeSmaller);
        if (reply instanceof Reply.Value value) {
            return value.json();
        }
        if (reply instanceof Reply.Fault fault) {
            throw refusals.fault(call, fault);
        }
        throw new IllegalStateException("not an answer to a call: " + reply.getClass());
    }

    /** A value or a fault. */
    final Reply ask(OdooCall call, boolean canBeSmaller) throws TooMuchException {
        byte[] body = bytes(request(call));
        Instant begun = patience.clock().instant();
        for (int attempt = 1; ; attempt++) {
            Reply reply = reply(http.ask(address(call), headers(), body));
            if (reply instanceof Reply.Value || reply instanceof Reply.Fault) {
                return reply;
            }
            if (reply instanceof Reply.Refused refused) {
                throw refused.refusal();
            }
            if (reply instanceof Reply.TooMuch much && canBeSmaller) {
                throw new TooMuchException(refusals.tooMuch(call, much));
            }
            Reply.Again again = reply instanceof Reply.TooMuch much
                    ? new Reply.Again(ErrorCode.SOURCE_UNREACHABLE, much.what(), null, null)
                    : (Reply.Again) reply;
            rest(refusals, patience, again, attempt, begun);
        }
    }

    /** Lets the server rest, or throws when it had enough of it. */
    static void rest(ApiRefusals refusals, Patience patience, Reply.Again again, int attempt, Instant begun) {
        Duration wait = again.after() == null ? patience.pauseAfter(attempt) : again.after();
        Instant next = patience.clock().instant().plus(wait);
        if (attempt >= patience.attempts() || next.isAfter(begun.plus(patience.longest()))) {
            throw refusals.gaveUp(again, attempt);
        }
        try {
            patience.pause().of(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refusals.gaveUp(again, attempt);
        }
    }

    private Reply reply(Outcome outcome) {
        Optional<Reply> unreadable = refusals.unreadable(outcome);
        if (unreadable.isPresent()) {
            return unreadable.get();
        }
        Outcome.Answered answer = (Outcome.Answered) outcome;
        try {
            return reply(answer, MAPPER.readTree(answer.body()));
        } catch (IOException e) {
            return new Reply.Again(
                    ErrorCode.SOURCE_UNREACHABLE, "answers with JSON that breaks off or is none", null, null);
        }
    }

    /** Reads JSON of a server; throws when it is none. */
    static JsonNode parse(byte[] json) throws IOException {
        return MAPPER.readTree(json);
    }

    static byte[] bytes(JsonNode json) {
        try {
            return MAPPER.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a request cannot be written", e);
        }
    }
}
