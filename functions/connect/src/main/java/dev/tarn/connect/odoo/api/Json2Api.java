package dev.tarn.connect.odoo.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** JSON-2: one address for each method, an API key, errors as HTTP says them. */
final class Json2Api extends OdooApi {

    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final Map<String, String> headers;
    private int userId;

    private Json2Api(ApiLogin login, OdooVersion version, OdooHttp http, Patience patience) {
        super(login, version, http, patience);
        this.headers = Map.of("Authorization", "bearer " + login.key(), "X-Odoo-Database", login.database());
    }

    /** Empty when the server takes the key for none: it may be a password. */
    static Optional<OdooApi> open(ApiLogin login, OdooVersion version, OdooHttp http, Patience patience) {
        Json2Api api = new Json2Api(login, version, http, patience);
        OdooCall who = OdooCall.of("res.users", "context_get");
        try {
            Reply reply = api.ask(who, false);
            if (reply instanceof Reply.Fault fault) {
                if (fault.status() == UNAUTHORIZED) {
                    return Optional.empty();
                }
                throw api.refusals().fault(who, fault);
            }
            api.userId = ((Reply.Value) reply).json().path("uid").intValue();
        } catch (TooMuchException e) {
            throw e.refusal();
        }
        if (api.userId <= 0) {
            throw api.refusals().unexpected(who);
        }
        return Optional.of(api);
    }

    @Override
    String protocol() {
        return "JSON-2";
    }

    @Override
    int userId() {
        return userId;
    }

    @Override
    URI address(OdooCall call) {
        return login().at("/json/2/" + call.model() + "/" + call.method());
    }

    @Override
    Map<String, String> headers() {
        return headers;
    }

    @Override
    JsonNode request(OdooCall call) {
        ObjectNode body = call.named().deepCopy();
        if (call.first() != null) {
            body.set(call.firstName(), call.first());
        }
        return body;
    }

    @Override
    Reply reply(Outcome.Answered answer, JsonNode json) {
        if (answer.status() == OK) {
            return new Reply.Value(json);
        }
        String type = json.path("name").asText();
        if (answer.status() == FORBIDDEN && type.isEmpty()) {
            type = "werkzeug.exceptions.Forbidden";
        }
        return new Reply.Fault(answer.status(), type, json.path("message").asText());
    }
}
