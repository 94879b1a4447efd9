package dev.tarn.local.run;

import dev.tarn.connect.alarm.Alarms;
import dev.tarn.connect.bronze.Extracted;
import dev.tarn.connect.extract.Extraction;
import dev.tarn.connect.files.DropLook;
import dev.tarn.connect.postgres.Publish;
import dev.tarn.connect.status.StatusReader;
import dev.tarn.connect.trigger.Publication;
import dev.tarn.engine.delta.Pause;
import dev.tarn.engine.flow.Freshness;
import dev.tarn.engine.flow.Updates;
import dev.tarn.engine.lake.Lake;
import dev.tarn.engine.plan.PlanStore;
import dev.tarn.engine.storage.Storage;
import dev.tarn.local.page.StatusPage;
import dev.tarn.local.project.SampleProject;
import dev.tarn.local.project.Secrets;
import dev.tarn.model.FileDrop;
import dev.tarn.model.Flow;
import dev.tarn.model.Plan;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.SourceConnection;
import dev.tarn.model.TableSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A whole lake in one process: opens every part, connects them, and runs them until it is told to stop. */
public final class Up {

    /** From one look at dropped files to the next. */
    private static final Duration LANDING = Duration.ofSeconds(1);

    private final UpSettings settings;
    private final Storage storage;
    private final Map<String, String> environment;
    private final Clock clock;
    private final UpListener listener;

    /**
     * A lake that has not been started.
     *
     * @param storage of the lake; {@code settings.root()} is its folder on this machine
     * @param environment in which secrets are looked up, before the project's file
     */
    public Up(UpSettings settings, Storage storage, Map<String, String> environment, Clock clock, UpListener listener) {
        this.settings = settings;
        this.storage = storage;
        this.environment = Map.copyOf(environment);
        this.clock = clock;
        this.listener = listener;
    }

    /**
     * Runs until {@code stop} is requested or, when it shall run once, until everything has settled.
     *
     * @return 0, or 1 when something failed
     * @throws dev.tarn.model.TarnException when it cannot start: everything that {@code tarn check} finds, and whatever
     *     the lake, the sources and the ports refuse
     */
    public int run(Stop stop) throws InterruptedException {
        long began = System.nanoTime();
        try (Lake lake = OpenLake.writable(storage, settings.root(), clock, settings.memory(), settings.disk())) {
            RootLock lock = RootLock.take(settings.root());
            try {
                return run(lake, began, stop);
            } finally {
                lock.close();
            }
        }
    }

    private int run(Lake lake, long began, Stop stop) throws InterruptedException {
        if (settings.sample()) {
            SampleProject.unpackOnce(settings.project());
        }
        String target =
                CompiledProject.target(settings.project(), settings.target()).name();
        Plan plan = CompiledProject.compile(settings.project(), target, lake);
        Secrets secrets = Secrets.of(environment, settings.project());
        try (Endpoints endpoints = new Endpoints(lake, plan, secrets, listener);
                StatusPage page = page(lake, plan);
                Doors doors = Doors.open(plan, settings, secrets, target, listener)) {
            doors.dropDemoFiles(plan, lake);
            Sent sent = new Sent(endpoints.drains(), endpoints.open(page, secrets));
            return run(lake, plan, doors, page, sent, began, stop);
        }
    }

    /** @param endpoints a sentence for each */
    private record Sent(List<EventDrain> drains, List<String> endpoints) {}

    private int run(Lake lake, Plan plan, Doors doors, @Nullable StatusPage page, Sent sent, long began, Stop stop)
            throws InterruptedException {
        List<Looks> looks = new ArrayList<>();
        List<String> sources = new ArrayList<>();
        for (TableSource source : plan.sources()) {
            TableSource paced = paced(source);
            Extraction extraction = doors.extraction(lake, paced);
            String description = listener.during("connect to " + source.name(), extraction::connect);
            sources.add((doors.isDemo(source) ? "demo-" : "") + description);
            looks.add(new Looks(lake, source.name(), extraction, paced.pace(), listener));
        }
        for (FileDrop drop : plan.drops()) {
            DropLook files = new DropLook(lake, drop, plan.timezone());
            Supplier<List<Extracted>> look = () -> files.look(() -> false);
            looks.add(new Looks(lake, "landing/" + drop.path(), look, look, LANDING, listener));
        }
        deploy(plan);
        Updates updates = new Updates(lake, plan.timezone(), plan.operation().attempts(), Pause.real());
        // Whoever starts it has mended something, or wants to see it fail.
        plan.flows().forEach(updates::tryAgain);
        Alarms alarms = new Alarms(lake, doors::secret);
        Freshness freshness = new Freshness(lake);
        AtomicReference<String> lastSaid = new AtomicReference<>("");
        listener.opened(new UpListener.Overview(
                settings.project(),
                storage.toString(),
                sources,
                sent.endpoints(),
                sinks(plan, doors),
                Optional.ofNullable(page).map(open -> URI.create("http://localhost:" + open.port()))));
        try (RunningLake running = new RunningLake(
                lake, plan, jobs(lake, plan, doors, updates), looks, sent.drains(), settings.watch(), listener)) {
            running.informing(idle -> {
                freshness.update(plan, updates::progress);
                alarms.check(plan, idle ? updates::progress : null, sentence -> {
                    // A receiver that is away is asked every few seconds.
                    if (!sentence.equals(lastSaid.getAndSet(sentence))) {
                        listener.step(new Step.Remarked("alarms", sentence));
                    }
                });
            });
            return running.run(settings.once(), began, stop);
        }
    }

    /** An API is asked as often as the project says: it is somebody's server, and each look costs it something. */
    private TableSource paced(TableSource source) {
        return source.connection() instanceof SourceConnection.OdooApi ? source : source.atLeastEvery(settings.look());
    }

    private @Nullable StatusPage page(Lake lake, Plan plan) {
        if (settings.port().isEmpty()) {
            return null;
        }
        StatusReader reader = new StatusReader(lake, plan);
        return StatusPage.open(settings.port().getAsInt(), reader::status);
    }

    private void deploy(Plan plan) {
        try {
            new PlanStore(storage).deploy(plan);
        } catch (IOException e) {
            throw new UncheckedIOException("the plan could not be put into the lake", e);
        }
    }

    /** Flows in the plan's order, each followed by what is published from its target: readers wait for that. */
    private List<Job> jobs(Lake lake, Plan plan, Doors doors, Updates updates) {
        List<Job> publications = publications(lake, plan, doors);
        List<Job> jobs = new ArrayList<>();
        for (Flow flow : plan.flows()) {
            jobs.add(new FlowJob(flow, updates, listener));
            publications.stream()
                    .filter(job -> job.inputs().contains(flow.target()))
                    .forEach(jobs::add);
        }
        return jobs;
    }

    private List<Job> publications(Lake lake, Plan plan, Doors doors) {
        List<Job> jobs = new ArrayList<>();
        for (PostgresSink sink : plan.postgresSinks()) {
            Publish publish = new Publish(lake, sink, doors.of(sink));
            sink.tables()
                    .forEach(table ->
                            jobs.add(new PublishJob(new Publication(lake, sink, table, () -> publish), listener)));
        }
        return jobs;
    }

    private static List<UpListener.Overview.Sink> sinks(Plan plan, Doors doors) {
        return plan.postgresSinks().stream()
                .map(sink ->
                        new UpListener.Overview.Sink(sink.name(), doors.of(sink).toString()))
                .toList();
    }
}
