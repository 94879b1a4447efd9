package dev.tarn.local.run;

import dev.tarn.connect.extract.DatabaseExtract;
import dev.tarn.connect.extract.Extraction;
import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.engine.lake.Lake;
import dev.tarn.local.demo.DemoDatabases;
import dev.tarn.local.demo.OdooSeed;
import dev.tarn.local.project.Secrets;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Notify;
import dev.tarn.model.Plan;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.Problem;
import dev.tarn.model.SecretRef;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where sources and sinks are: what their secrets say, or else the demo databases, started when one is needed. */
final class Doors implements AutoCloseable {

    /** Where the demo databases keep their data, below the root. */
    static final String DEMO_FOLDER = "demo";

    private final UpSettings settings;
    private final Secrets secrets;
    private final String target;
    private @Nullable DemoDatabases demo;

    private Doors(UpSettings settings, Secrets secrets, String target) {
        this.settings = settings;
        this.secrets = secrets;
        this.target = target;
    }

    /**
     * Opens the doors of {@code plan}.
     *
     * @throws dev.tarn.model.TarnException SECRET_MISSING for a secret named on the command line and for that of a source
     *     while another door is real; SECRET_INVALID, PORT_TAKEN, LAKE_IN_USE
     */
    static Doors open(Plan plan, UpSettings settings, Secrets secrets, String target, UpListener listener) {
        Doors doors = new Doors(settings, secrets, target);
        doors.refuseDemoBesideReal(plan);
        doors.requireKeys(plan);
        boolean needsDemo = plan.sources().stream().anyMatch(doors::isDemo)
                || plan.postgresSinks().stream()
                        .anyMatch(sink -> secrets.find(sink.connection()).isEmpty());
        if (needsDemo) {
            doors.startDemo(listener);
        }
        return doors;
    }

    /** There is no demo of an API. */
    private void requireKeys(Plan plan) {
        plan.sources().stream()
                .filter(source -> source.connection() instanceof SourceConnection.OdooApi)
                .forEach(source -> secrets.require(source.connection().secret(), source.position(), target));
    }

    /** The demo Odoo's rows go to nobody's real tables, where a mirror would put them in place of what is there. */
    private void refuseDemoBesideReal(Plan plan) {
        boolean real = !plan.sources().stream().allMatch(this::isDemo)
                || !plan.postgresSinks().stream().allMatch(this::isDemo);
        List<Problem> problems = plan.sources().stream()
                .filter(source -> real && isDemo(source))
                .map(source -> new Problem(
                        ErrorCode.SECRET_MISSING,
                        source.position(),
                        source.connection().secret() + " is not set for target " + target
                                + ", and the demo Odoo is not mixed with real databases.",
                        "Set " + source.connection().secret().environmentVariable() + " or add "
                                + source.connection().secret().name()
                                + " to " + Secrets.FILE + "; without any secret set, all databases are demos."))
                .toList();
        if (!problems.isEmpty()) {
            throw new TarnException(problems, null);
        }
    }

    private void startDemo(UpListener listener) {
        Path folder = settings.root().resolve(DEMO_FOLDER);
        int rows = settings.rows().orElse(UpSettings.DEMO_ROWS);
        demo = listener.during(
                "start the demo databases, " + rows + " journal entries",
                () -> DemoDatabases.start(folder, settings.postgresPort(), new OdooSeed(rows)));
    }

    /** Puts below {@code landing/} what belongs to the demo Odoo and the project has a drop for, unless it was put there before. */
    void dropDemoFiles(Plan plan, Lake lake) {
        DemoDatabases databases = demo;
        if (databases != null && plan.sources().stream().anyMatch(this::isDemo)) {
            new DemoDrops(lake).drop(plan.drops(), databases);
        }
    }

    private Optional<String> secretOf(TableSource source) {
        if (settings.odooSecret().isPresent()) {
            SecretRef secret = settings.odooSecret().get();
            return Optional.of(secrets.require(secret, null, target));
        }
        return secrets.find(source.connection().secret());
    }

    /** With which notifications are signed. Throws {@link TarnException} (SECRET_MISSING). */
    String secret(Notify notify) {
        return secrets.require(notify.secret(), notify.position(), target);
    }

    boolean isDemo(TableSource source) {
        return !(source.connection() instanceof SourceConnection.OdooApi)
                && secretOf(source).isEmpty();
    }

    boolean isDemo(PostgresSink sink) {
        return secrets.find(sink.connection()).isEmpty();
    }

    /** Of the source, into the lake. */
    Extraction extraction(Lake lake, TableSource source) {
        return source.connection() instanceof SourceConnection.OdooApi api
                ? SourceAddress.byApi(lake, source, api, secrets, target)
                : new DatabaseExtract(lake, source, of(source));
    }

    PostgresUrl of(TableSource source) {
        SecretRef secret = settings.odooSecret().orElse(source.connection().secret());
        return PostgresUrl.parse(
                secret, secretOf(source).orElseGet(() -> started().odooUrl()));
    }

    PostgresUrl of(PostgresSink sink) {
        return PostgresUrl.parse(
                sink.connection(),
                secrets.find(sink.connection()).orElseGet(() -> started().supabaseUrl()));
    }

    private DemoDatabases started() {
        DemoDatabases databases = demo;
        if (databases == null) {
            throw new IllegalStateException("the demo databases were not started");
        }
        return databases;
    }

    @Override
    public void close() {
        if (demo != null) {
            demo.close();
        }
    }
}
