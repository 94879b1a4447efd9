package dev.tarn.connect.odoo.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.connect.bronze.Extracted;
import dev.tarn.connect.bronze.Landing;
import dev.tarn.connect.extract.DeleteLimit;
import dev.tarn.engine.duckdb.Session;
import dev.tarn.engine.duckdb.Spool;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One model's part of a look. A pass reads what was written since a while before the newest record of the pass before, in
 * pieces of which each is a commit, and lands what bronze does not have; a pass that breaks off goes on later.
 */
final class ModelLook {

    /**
     * A record's date is the beginning of the transaction that wrote it, so one that commits late has a date in the past. What
     * took no longer than this is seen by the next pass; the rest is found by comparing ids and dates.
     */
    static final Duration OVERLAP = Duration.ofHours(1);

    /**
     * Dates are told to the second, so two transactions of one second look alike. Records of the newest minutes are read once
     * more whatever their date; of older ones, those whose date bronze does not have.
     */
    static final Duration READ_AGAIN = Duration.ofMinutes(10);

    private static final int ROWS_OF_A_PIECE = 50_000;
    private static final int MOST_ATTEMPTS = 3;
    private static final String ROWS = "rows";

    private final Lake lake;
    private final TableSource source;
    private final TableSource.Table table;
    private final OdooRecords records;
    private final String model;
    private final int rowsOfAPiece;

    ModelLook(Lake lake, TableSource source, TableSource.Table table, OdooRecords records, String model) {
        this(lake, source, table, records, model, ROWS_OF_A_PIECE);
    }

    /** @param rowsOfAPiece more or less as many rows are committed at once */
    ModelLook(
            Lake lake,
            TableSource source,
            TableSource.Table table,
            OdooRecords records,
            String model,
            int rowsOfAPiece) {
        this.lake = lake;
        this.source = source;
        this.table = table;
        this.records = records;
        this.model = model;
        this.rowsOfAPiece = rowsOfAPiece;
    }

    /** What a piece did. {@code place} is where the pass goes on; null when another writer came first. */
    private record Piece(Extracted extracted, @Nullable PagePlace place) {}

    /**
     * Reads what is new.
     *
     * @param whole whether everything is read once more, from whatever database it was read before
     * @throws TarnException SOURCE_RECREATED, COMMIT_CONFLICT, as {@link ModelPlanner} and as {@link OdooApi}
     */
    Extracted read(boolean whole) {
        return read(whole, () -> false).extracted();
    }

    /** What was read; {@code whole} unless the rest of the pass was left to the next look. */
    record Read(Extracted extracted, boolean whole) {}

    /**
     * As {@link #read(boolean)}.
     *
     * @param enough ends the pass after a piece that was committed, to be gone on with
     */
    Read read(boolean whole, BooleanSupplier enough) {
        Extracted total = null;
        PagePlace place = null;
        Set<String> columns = Set.of();
        int overtaken = 0;
        Standing kept = null;
        while (place == null || !place.isDone()) {
            Standing standing = kept == null ? stand(whole) : kept;
            boolean fresh = whole || standing.plan().whole();
            if (place == null
                    || standing.plan().whole() && !standing.plan().names().equals(columns)) {
                place = begin(standing, fresh);
                columns = standing.plan().names();
            }
            Piece piece = place.part() == PagePlace.Part.LATE ? late(standing, place) : piece(standing, place, fresh);
            if (piece.place() == null) {
                overtaken++;
                refuseOvertaken(overtaken);
                kept = null;
                continue;
            }
            total = sum(total, piece.extracted());
            place = piece.place();
            // What was found in the lake holds until something is committed.
            kept = piece.extracted().version().isEmpty() ? standing : null;
            if (kept == null && enough.getAsBoolean()) {
                break;
            }
        }
        if (total == null) {
            throw new IllegalStateException("a pass has a piece");
        }
        return new Read(total, place.isDone());
    }

    private void refuseOvertaken(int times) {
        if (times >= MOST_ATTEMPTS) {
            throw new TarnException(
                    ErrorCode.COMMIT_CONFLICT,
                    "Source " + source.name() + ": another process keeps reading " + model + " into the same lake.",
                    "Let one process alone read the source; Tarn looks again.");
        }
    }

    private Standing stand(boolean whole) {
        return Standing.of(lake, source, table, records, model, whole);
    }

    private PagePlace begin(Standing standing, boolean whole) {
        ApiCursor cursor = standing.cursor();
        if (cursor != null && cursor.place() != null && !whole) {
            return cursor.place();
        }
        Instant newest = standing.plan().dated() ? newest() : null;
        Instant end = newest == null ? Instant.EPOCH : newest.plusSeconds(1);
        Instant from = cursor == null || cursor.newest() == null || whole
                ? null
                : cursor.newest().minus(READ_AGAIN);
        return PagePlace.start(from, end);
    }

    /** The date of the newest record, by the server's clock; null when none has one. */
    private @Nullable Instant newest() {
        try {
            return records
                    .page(model, List.of(Domains.WRITE_DATE), Domains.dated(), "write_date desc, id desc", 1)
                    .stream()
                    .flatMap(record ->
                            ApiValues.second(record.path(Domains.WRITE_DATE).asText()).stream())
                    .findFirst()
                    .orElse(null);
        } catch (TooMuchException e) {
            throw e.refusal();
        }
    }

    /** Lands records of the overlap that bronze does not have. The cursor stays where it was. */
    private Piece late(Standing standing, PagePlace place) {
        Landing landing = standing.landing();
        PagePlace afterwards = place.undated();
        Instant until = place.second();
        if (until == null
                || standing.cursor() == null
                || landing.base().isEmpty()
                || !standing.plan().dated()) {
            return new Piece(landing.nothing(), afterwards);
        }
        PagePlace from =
                new PagePlace(PagePlace.Part.BY_DATE, until.plus(READ_AGAIN).minus(OVERLAP), 0, until);
        try (Session session = lake.duckDb().session()) {
            MissedRecords missed = new MissedRecords(
                    session, records, standing.plan(), landing.base().get(), attachments(standing));
            ModelPages pages = new ModelPages(records, model, missed.listedFields(), true, from);
            try (Spool listed = missed.list(pages::next);
                    Spool versions = missed.read(listed)) {
                if (versions.rows() == 0) {
                    return new Piece(landing.nothing(), afterwards);
                }
                Optional<Extracted> landed = land(session, standing, List.of(versions), standing.cursor());
                return new Piece(landed.orElseGet(landing::nothing), landed.isPresent() ? afterwards : null);
            }
        }
    }

    private Piece piece(Standing standing, PagePlace from, boolean whole) {
        ModelPlan plan = standing.plan();
        ModelPages pages = new ModelPages(records, model, plan.fields(), plan.dated(), from);
        try (Session session = lake.duckDb().session();
                Spool arriving = spool(session, plan, attachments(standing).with(pages::next));
                Spool news = news(session, standing, arriving)) {
            PagePlace reached = pages.place();
            ApiCursor next = next(standing, reached, whole);
            if (news.rows() == 0 && !(reached.isDone() && mustTell(standing.cursor(), next))) {
                return new Piece(standing.landing().nothing().with(plan.remarks()), reached);
            }
            Optional<Extracted> landed = land(session, standing, List.of(news), next);
            return new Piece(
                    landed.orElseGet(standing.landing()::nothing).with(plan.remarks()),
                    landed.isPresent() ? reached : null);
        }
    }

    private Attachments attachments(Standing standing) {
        return standing.attachments(lake, source, table, records);
    }

    private Spool spool(Session session, ModelPlan plan, Supplier<List<ObjectNode>> pages) {
        ApiFeed feed = new ApiFeed(
                plan.read(), new ApiValues(plan.read(), records.language(), records.company()), pages, rowsOfAPiece);
        session.feed(ROWS, feed);
        return feed.spooled(session, plan.upserts("\"" + ROWS + "\"()"));
    }

    private static Spool news(Session session, Standing standing, Spool arriving) {
        return Spool.of(
                session,
                standing.landing()
                        .base()
                        .map(bronze -> standing.plan().differing(arriving, session, bronze))
                        .orElse("SELECT * FROM " + arriving.from()));
    }

    private ApiCursor next(Standing standing, PagePlace reached, boolean whole) {
        ApiCursor before = standing.cursor();
        Instant newest =
                reached.end().equals(Instant.EPOCH) ? null : reached.end().minusSeconds(1);
        return new ApiCursor(
                records.api().login().toString(),
                reached.isDone() ? newest : before == null || whole ? null : before.newest(),
                reached.isDone() || before != null && before.whole(),
                reached.isDone() ? null : reached,
                standing.plan().names());
    }

    /** Whether the lake has to know, although there are no rows. */
    private static boolean mustTell(@Nullable ApiCursor before, ApiCursor next) {
        return before == null
                || before.place() != null
                || !before.whole()
                || !before.database().equals(next.database())
                || !before.fields().equals(next.fields());
    }

    private Optional<Extracted> land(Session session, Standing standing, List<Spool> versions, ApiCursor next) {
        String select = String.join(
                " UNION ALL BY NAME ",
                versions.stream().map(rows -> "SELECT * FROM " + rows.from()).toList());
        return standing.landing()
                .commit(
                        session,
                        new Landing.Rows(standing.plan().landed().columns(), comment(), select, written -> {}),
                        next.toJson());
    }

    private String comment() {
        return "Every version of " + model + " of " + source.name()
                + " that was seen; of one key, the highest _seq is now";
    }

    private static Extracted sum(@Nullable Extracted before, Extracted piece) {
        if (before == null) {
            return piece;
        }
        List<String> remarks = new ArrayList<>(before.remarks());
        piece.remarks().stream().filter(remark -> !remarks.contains(remark)).forEach(remarks::add);
        OptionalLong version = piece.version().isPresent() ? piece.version() : before.version();
        return new Extracted(
                piece.table(),
                before.rows() + piece.rows(),
                version,
                before.took().plus(piece.took()),
                remarks);
    }

    /**
     * Compares ids and dates with those that bronze knows, lands what no pass has seen and what is gone.
     *
     * @param turn which of the ranges with as many records as before are looked at all the same; empty for all
     * @throws TarnException DELETES_HELD, after everything else was committed
     */
    Extracted compare(Extracted before, DeleteLimit limit, OptionalLong turn) {
        for (int attempt = 1; ; attempt++) {
            Standing standing = stand(false);
            if (standing.landing().base().isEmpty() || standing.cursor() == null) {
                return before;
            }
            try (Session session = lake.duckDb().session();
                    IdComparison comparison = new IdComparison(
                            session,
                            records,
                            table,
                            standing.plan(),
                            standing.landing().base().get(),
                            attachments(standing))) {
                comparison.run(limit, turn);
                List<String> remarks = new ArrayList<>(comparison.remarks());
                Optional<Extracted> landed = comparison.rows() == 0
                        ? Optional.of(standing.landing().nothing())
                        : land(session, standing, comparison.versions(), standing.cursor());
                if (!comparison.held().isEmpty()) {
                    throw new TarnException(comparison.held(), null);
                }
                if (landed.isPresent()) {
                    return sum(before, landed.get().with(remarks));
                }
            }
            refuseOvertaken(attempt);
        }
    }
}
