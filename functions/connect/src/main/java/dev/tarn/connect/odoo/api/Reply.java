package dev.tarn.connect.odoo.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an answer means. */
sealed interface Reply {

    /** What the method returned; JSON's null when it returned nothing. */
    record Value(JsonNode json) implements Reply {}

    /** Odoo's code failed; {@code type} is the class of the failure, {@code message} may quote rows and is not shown. */
    record Fault(int status, String type, String message) implements Reply {}

    /** The same request may succeed soon; {@code what} completes "the server ". */
    record Again(ErrorCode code, String what, @Nullable Duration after, @Nullable Exception cause) implements Reply {}

    /** Less has to be asked for; {@code what} completes "the server ". */
    record TooMuch(String what) implements Reply {}

    /** Nothing but a change of the project mends it. */
    record Refused(TarnException refusal) implements Reply {}
}
