package dev.tarn.connect.odoo.api;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of answers that are none, in words. Odoo's own messages and tracebacks quote rows and are left out: the class
 * of a failure has to do, Odoo's log has the rest.
 */
final class ApiRefusals {

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int TOO_LARGE = 413;
    private static final int FIRST_REDIRECT = 300;
    private static final int FIRST_ERROR = 400;
    private static final int FIRST_SERVER_ERROR = 500;
    private static final int NOT_FOUND = 404;
    /** Request timeout, and what gateways say when Odoo behind them does not. */
    private static final Set<Integer> PASSING = Set.of(408, 502, 503, 504);

    private static final Pattern CLASS_NAME = Pattern.compile("[\\w.]{1,100}");

    private final ApiLogin login;

    ApiRefusals(ApiLogin login) {
        this.login = login;
    }

    /** What an outcome means that is not an answer in JSON; empty for one that is. */
    Optional<Reply> unreadable(Outcome outcome) {
        if (outcome instanceof Outcome.TooLarge) {
            return Optional.of(new Reply.TooMuch("answers with more bytes than one answer may have"));
        }
        if (outcome instanceof Outcome.TimedOut) {
            return Optional.of(new Reply.TooMuch("does not answer in time"));
        }
        if (outcome instanceof Outcome.Failed failed) {
            return Optional.of(new Reply.Again(
                    ErrorCode.SOURCE_UNREACHABLE, "cannot be reached: " + failed.why(), null, failed.cause()));
        }
        Outcome.Answered answer = (Outcome.Answered) outcome;
        int status = answer.status();
        if (status == TOO_MANY_REQUESTS) {
            return Optional.of(new Reply.Again(
                    ErrorCode.SOURCE_BUSY, "gets too many requests (HTTP 429)", answer.retryAfter(), null));
        }
        if (status == TOO_LARGE) {
            return Optional.of(new Reply.TooMuch("finds the request too large (HTTP 413)"));
        }
        if (PASSING.contains(status) || status >= FIRST_SERVER_ERROR && !answer.json()) {
            return Optional.of(
                    new Reply.Again(ErrorCode.SOURCE_UNREACHABLE, "answers HTTP " + status, answer.retryAfter(), null));
        }
        if (status >= FIRST_REDIRECT && status < FIRST_ERROR) {
            return Optional.of(new Reply.Refused(redirect(answer.location())));
        }
        return answer.json() ? Optional.empty() : Optional.of(new Reply.Refused(page(status)));
    }

    private TarnException redirect(@Nullable String location) {
        String elsewhere = server(location);
        return refusal(
                ErrorCode.CONFIGURATION_INVALID,
                elsewhere == null || elsewhere.equals(login.server())
                        ? login.server() + " sends requests on to another page instead of answering them"
                        : login.server() + " sends requests on to " + elsewhere
                                + ", and the key is not sent after them",
                elsewhere == null || elsewhere.equals(login.server())
                        ? "Correct url; a proxy in between must let /json/2 and /jsonrpc pass without a login page."
                        : "If that is the Odoo, write url: " + elsewhere + ".",
                null);
    }

    private static @Nullable String server(@Nullable String location) {
        try {
            URI target = URI.create(location == null ? "" : location);
            return target.getHost() == null
                    ? null
                    : target.getScheme() + "://" + target.getHost()
                            + (target.getPort() < 0 ? "" : ":" + target.getPort());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private TarnException page(int status) {
        return refusal(
                ErrorCode.SOURCE_NOT_ODOO,
                login.server() + " answers with a web page (HTTP " + status + ") instead of data"
                        + (status == NOT_FOUND
                                ? ": it has no database " + login.database() + ", or is not an Odoo"
                                : ""),
                "Correct url and db; a proxy in between must let /json/2 and /jsonrpc pass.",
                null);
    }

    /** The server was given enough time. */
    TarnException gaveUp(Reply.Again again, int attempts) {
        return refusal(
                again.code(),
                login.server() + " " + again.what() + (attempts == 1 ? "" : ", also at attempt " + attempts),
                again.code() == ErrorCode.SOURCE_BUSY
                        ? "Raise every of the source, or ask who runs the server for more; Tarn tries again."
                        : "Check that the server runs and that url is right; Tarn tries again.",
                again.cause());
    }

    TarnException tooMuch(OdooCall call, Reply.TooMuch much) {
        return refusal(
                ErrorCode.SOURCE_BUSY,
                login.server() + " " + much.what() + " when asked for a single row of " + call.model(),
                "Add large fields of " + call.model() + " to exclude; Tarn tries again.",
                null);
    }

    /** Odoo's code failed. */
    TarnException fault(OdooCall call, Reply.Fault fault) {
        String type = CLASS_NAME.matcher(fault.type()).matches() ? fault.type() : "an error without a name";
        if (type.endsWith(".AccessDenied") || type.endsWith(".Unauthorized")) {
            return loginRefused();
        }
        if (type.endsWith(".AccessError") || type.endsWith(".Forbidden")) {
            return mayNotRead(call.model());
        }
        if (type.startsWith("psycopg2.")
                && fault.message().contains("does not exist")
                && fault.message().contains('"' + login.database() + '"')) {
            return noDatabase();
        }
        if (fault.message().equals("Object " + call.model() + " doesn't exist")
                || fault.message().equals("the model '" + call.model() + "' does not exist")) {
            return refusal(
                    ErrorCode.SOURCE_TABLE_MISSING,
                    login + " has no model " + call.model(),
                    "Correct it, or install the Odoo module that brings it.",
                    null);
        }
        return refusal(
                ErrorCode.SOURCE_FAILED,
                call + " failed in Odoo with " + type,
                "Odoo's log tells why; Tarn tries again.",
                null);
    }

    TarnException loginRefused() {
        return refusal(
                ErrorCode.SOURCE_LOGIN_REFUSED,
                login.server() + " does not let " + login.user() + " into database " + login.database(),
                "Correct user and db, and the API key or password in the secret "
                        + login.secret().name() + "; API keys expire.",
                null);
    }

    TarnException noDatabase() {
        return refusal(
                ErrorCode.SOURCE_NOT_ODOO,
                login.server() + " has no database " + login.database(),
                "Correct db.",
                null);
    }

    TarnException mayNotRead(String model) {
        return refusal(
                ErrorCode.SOURCE_LOGIN_REFUSED,
                login.user() + " may not read " + model,
                "In Odoo, give " + login.user() + " a group that may read " + model
                        + ", or leave the model out of tables.",
                null);
    }

    /** The answer is JSON, but not what Odoo answers to that. */
    TarnException unexpected(Object call) {
        return refusal(
                ErrorCode.SOURCE_NOT_ODOO,
                login.server() + " answers " + call + " with something else than Odoo does",
                "Check that url leads to the Odoo itself; what stands in between must leave its answers alone.",
                null);
    }

    TarnException refusal(ErrorCode code, String what, String mend, @Nullable Exception cause) {
        return new TarnException(
                List.of(new Problem(code, login.position(), login.prefix() + what + ".", mend)), cause);
    }
}
