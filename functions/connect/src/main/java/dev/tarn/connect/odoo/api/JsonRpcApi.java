package dev.tarn.connect.odoo.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.Map;

/** JSON-RPC: one address for everything, key or password with each call, errors within HTTP 200. */
final class JsonRpcApi extends OdooApi {

    private static final OdooCall LOGIN = OdooCall.of("res.users", "authenticate");

    private int userId;

    private JsonRpcApi(ApiLogin login, OdooVersion version, OdooHttp http, Patience patience) {
        super(login, version, http, patience);
    }

    static OdooApi open(ApiLogin login, OdooVersion version, OdooHttp http, Patience patience) {
        JsonRpcApi api = new JsonRpcApi(login, version, http, patience);
        JsonNode id = api.call(LOGIN);
        if (id.isBoolean()) {
            throw api.refusals().loginRefused();
        }
        if (!id.isInt() || id.intValue() <= 0) {
            throw api.refusals().unexpected(LOGIN);
        }
        api.userId = id.intValue();
        return api;
    }

    @Override
    String protocol() {
        return "JSON-RPC";
    }

    @Override
    int userId() {
        return userId;
    }

    @Override
    URI address(OdooCall call) {
        return login().at("/jsonrpc");
    }

    @Override
    Map<String, String> headers() {
        return Map.of();
    }

    @Override
    JsonNode request(OdooCall call) {
        ObjectNode request = OdooCall.JSON.objectNode();
        request.put("jsonrpc", "2.0").put("method", "call").put("id", 1);
        ObjectNode params = request.putObject("params");
        if (call.equals(LOGIN)) {
            params.put("service", "common").put("method", "authenticate");
            params.putArray("args")
                    .add(login().database())
                    .add(login().user())
                    .add(login().key())
                    .addObject();
            return request;
        }
        params.put("service", "object").put("method", "execute_kw");
        ArrayNode args = params.putArray("args");
        args.add(login().database())
                .add(userId)
                .add(login().key())
                .add(call.model())
                .add(call.method());
        ArrayNode byPlace = args.addArray();
        if (call.first() != null) {
            byPlace.add(call.first());
        }
        args.add(call.named());
        return request;
    }

    @Override
    Reply reply(Outcome.Answered answer, JsonNode json) {
        JsonNode error = json.path("error");
        if (!error.isMissingNode()) {
            JsonNode data = error.path("data");
            return new Reply.Fault(
                    answer.status(),
                    data.path("name").asText(),
                    data.path("message").asText());
        }
        JsonNode result = json.path("result");
        // A method that returns nothing leaves the result out.
        return new Reply.Value(result instanceof MissingNode ? NullNode.getInstance() : result);
    }
}
