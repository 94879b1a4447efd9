package dev.tarn.connect.trigger;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Notify;
import dev.tarn.model.Plan;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.Problem;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import dev.tarn.model.WebhookSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Secrets of an app: the setting {@code TARN_SECRET_NAME}, which Azure fills from the Key Vault that it refers to. Values
 * leave this class only through {@link #require} and {@link #find}.
 */
public final class EnvironmentSecrets {

    /** What a setting holds whose reference Azure could not follow. */
    private static final String REFERENCE = "@Microsoft.KeyVault(";

    private final Map<String, String> environment;

    public EnvironmentSecrets(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * The value.
     *
     * @param position where the project names the secret
     * @throws TarnException SECRET_MISSING; SECRET_INVALID when Azure could not fill it
     */
    public String require(SecretRef secret, SourcePosition position) {
        problem(secret, position).ifPresent(problem -> {
            throw new TarnException(List.of(problem), null);
        });
        return value(secret);
    }

    /** The value; empty when it is not there, or Azure could not fill it. */
    public Optional<String> find(SecretRef secret) {
        return Optional.of(value(secret)).filter(text -> !text.isEmpty() && !text.startsWith(REFERENCE));
    }

    /** Every secret of the plan that is not there: those of sources, of sinks and of notifications. */
    public List<Problem> missing(Plan plan) {
        List<Problem> problems = new ArrayList<>();
        for (TableSource source : plan.sources()) {
            problem(source.connection().secret(), source.position()).ifPresent(problems::add);
        }
        for (WebhookSource source : plan.webhooks()) {
            for (WebhookSource.Endpoint endpoint : source.endpoints()) {
                endpoint.auth().secrets().forEach(secret -> problem(secret, endpoint.position())
                        .ifPresent(problems::add));
            }
        }
        for (PostgresSink sink : plan.postgresSinks()) {
            problem(sink.connection(), sink.position()).ifPresent(problems::add);
        }
        Notify notify = plan.operation().alarms();
        if (notify != null) {
            problem(notify.secret(), notify.position()).ifPresent(problems::add);
        }
        return problems;
    }

    private String value(SecretRef secret) {
        return environment.getOrDefault(secret.environmentVariable(), "").strip();
    }

    private Optional<Problem> problem(SecretRef secret, SourcePosition position) {
        String setting = secret.environmentVariable();
        String value = value(secret);
        if (value.isEmpty()) {
            return Optional.of(new Problem(
                    ErrorCode.SECRET_MISSING,
                    position,
                    secret + " is not set: the app has no setting " + setting + ".",
                    "Put the value into the Key Vault as " + secret.name() + ", make " + setting
                            + " a reference to it, and restart the app."));
        }
        if (value.startsWith(REFERENCE)) {
            return Optional.of(new Problem(
                    ErrorCode.SECRET_INVALID,
                    position,
                    secret + ": the setting " + setting + " refers to a Key Vault, and Azure could not follow it.",
                    "See that the Key Vault has an enabled secret " + secret.name()
                            + " and that the app's identity has the role Key Vault Secrets User on it; then restart the"
                            + " app."));
        }
        return Optional.empty();
    }
}
