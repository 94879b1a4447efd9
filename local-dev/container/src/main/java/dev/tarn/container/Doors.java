package dev.tarn.container;

import com.microsoft.azure.functions.HttpResponseMessage;
import dev.tarn.functions.HealthFunction;
import dev.tarn.functions.SqlFunction;
import dev.tarn.functions.StatusFunction;
import dev.tarn.functions.WebhookFunction;
import dev.tarn.model.TarnException;
import io.quarkus.vertx.http.runtime.RouteConstants;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is reached by requests as in Azure: webhooks, status, health. They are no functions of Funqy, which hands on neither
 * a body as it was sent nor headers, and a signature is over the one and stands in the other.
 */
@Singleton
public class Doors {

    private static final Logger LOG = LoggerFactory.getLogger(Doors.class);

    /** Before every route of Funqy, and after what reads the body. */
    private static final int ADMISSION = RouteConstants.ROUTE_ORDER_UPLOAD_LIMIT;

    private static final TarnException UNREADABLE = AppFunctions.refused(
            "A request has JSON that the function does not take.",
            "Send {\"name\": \"...\"} where a file came, {\"left\": [...]} for resume, else {}.");

    private final Admission admission;
    private final WebhookFunction webhook;
    private final StatusFunction status;
    private final HealthFunction health;
    private final SqlFunction sql;

    Doors(
            ContainerConfig config,
            WebhookFunction webhook,
            StatusFunction status,
            HealthFunction health,
            SqlFunction sql) {
        this.admission = new Admission(config.open());
        this.webhook = webhook;
        this.status = status;
        this.health = health;
        this.sql = sql;
    }

    void open(@Observes Router router) {
        router.post("/api/webhooks/:source")
                .blockingHandler(
                        answering(context -> webhook.run(Request.of(context), context.pathParam("source"))), false);
        router.get("/status").blockingHandler(answering(context -> status.run(Request.of(context))), false);
        router.get("/health").blockingHandler(answering(context -> health.run(Request.of(context))), false);
        router.post("/sql").blockingHandler(answering(context -> sql.run(Request.of(context))), false);
        router.route().order(ADMISSION).handler(admission::check).failureHandler(Doors::refuse);
    }

    private static Handler<RoutingContext> answering(Function<RoutingContext, HttpResponseMessage> function) {
        return context -> {
            Answer answer = (Answer) function.apply(context);
            HttpServerResponse response =
                    context.response().setStatusCode(answer.getStatus().value());
            answer.headers().forEach(response::putHeader);
            end(context, answer.body());
        };
    }

    private static void refuse(RoutingContext context) {
        TarnException refusal = refusal(context.failure());
        if (refusal != null) {
            // Calls that failed are in the log already, told by the app.
            text(context, refusal.code().httpStatus(), refusal.getMessage());
        } else if (context.failure() != null) {
            LOG.error("{} failed", context.request().path(), context.failure());
            text(context, 500, "A mistake in Tarn: see the log of the container.");
        } else if (context.statusCode() == 413) {
            text(context, 413, "The request is larger than any that is taken here: 16 MB.");
        } else if (context.statusCode() == 400) {
            // Of what Funqy could not read; all else that it would refuse was refused before.
            text(context, 400, UNREADABLE.getMessage());
        } else {
            context.next();
        }
    }

    private static @Nullable TarnException refusal(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TarnException refusal) {
                return refusal;
            }
        }
        return null;
    }

    private static void text(RoutingContext context, int status, String text) {
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "text/plain; charset=utf-8")
                .putHeader("Cache-Control", "no-store");
        end(context, text + "\n");
    }

    private static void end(RoutingContext context, String body) {
        context.response().end(body).onFailure(gone -> LOG.debug("nobody took the answer", gone));
    }
}
