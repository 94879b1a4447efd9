package dev.tarn.connect.extract;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.Finding;
import dev.tarn.connect.postgres.PostgresSql;
import dev.tarn.connect.postgres.PostgresUrl;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.Relation;
import dev.tarn.model.Sql;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/** Tries everything that reading a source needs, and looks for what makes it slow. */
public final class SourceExamination {

    /** Scanning a smaller table costs next to nothing. */
    private static final long ROWS_WORTH_AN_INDEX = 100_000;

    /** So many transactions may have begun since the oldest that runs, before it is told of. */
    private static final long MOST_BEHIND = 1_000_000;

    private static final Duration LONGEST_OPEN = Duration.ofMinutes(10);

    private static final double MILLION = 1_000_000;
    private static final double THOUSAND = 1000;

    private final TableSource source;
    private final PostgresUrl url;
    private final Duration longestOpen;
    private final List<Finding> findings = new ArrayList<>();
    private boolean connected;

    public SourceExamination(TableSource source, PostgresUrl url) {
        this(source, url, LONGEST_OPEN);
    }

    /** @param longestOpen transactions that are open for longer are told of */
    SourceExamination(TableSource source, PostgresUrl url, Duration longestOpen) {
        this.source = requireNonNull(source, "source");
        this.url = requireNonNull(url, "url");
        this.longestOpen = requireNonNull(longestOpen, "longestOpen");
    }

    /** Examines the source; what keeps it from being read comes first. */
    public List<Finding> run() {
        boolean readable = tried(database -> {
            String info = new SourceCheck(database).run();
            database.state();
            findings.add(Finding.ok(info + ", " + source.tables().size()
                    + (source.tables().size() == 1 ? " table, " : " tables, ") + server(database)));
        });
        if (connected) {
            // Another transaction: one in which something was refused does nothing more.
            tried(database -> {
                rights(database);
                if (readable) {
                    indexes(database);
                }
                horizon(database);
                standby(database);
            });
        }
        return List.copyOf(findings);
    }

    private interface Attempt {
        void run(SourceDatabase database);
    }

    private boolean tried(Attempt attempt) {
        try (SourceDatabase database = SourceDatabase.open(source, url)) {
            connected = true;
            attempt.run(database);
            return true;
        } catch (TarnException refusal) {
            failed(refusal);
            return false;
        }
    }

    private void failed(TarnException refusal) {
        refusal.problems().stream()
                .map(problem -> problem.code() == ErrorCode.SOURCE_LOGIN_REFUSED && problem.position() != null
                        ? new Problem(
                                problem.code(),
                                null,
                                problem.what(),
                                problem.mend() + " All rights: tarn odoo grants --source " + source.name())
                        : problem)
                .map(Finding::fail)
                .forEach(findings::add);
    }

    private String server(SourceDatabase database) {
        return "PostgreSQL " + database.version() + (isStandby(database) ? ", a standby" : "")
                + (isPooled(database) ? ", through a pooler" : "");
    }

    private static boolean isStandby(SourceDatabase database) {
        return database.one("SELECT pg_is_in_recovery()::text", "its role was asked for")
                .equals("true");
    }

    /** A pooler answers the login itself, and cannot know which process of the server will serve. */
    private static boolean isPooled(SourceDatabase database) {
        try {
            int login = database.connection().unwrap(PGConnection.class).getBackendPID();
            return !Integer.toString(login)
                    .equals(database.one("SELECT pg_backend_pid()::text", "its process was asked for"));
        } catch (SQLException e) {
            throw database.failed("its process was asked for", e);
        }
    }

    /** A user that may write is more than a reader needs. */
    private void rights(SourceDatabase database) {
        boolean superuser = database.one(
                        "SELECT rolsuper::text FROM pg_roles WHERE rolname = current_user", "its user was looked up")
                .equals("true");
        if (superuser) {
            findings.add(Finding.warn(
                    "the user " + url.user() + " is a superuser; Tarn only reads, and needs no more than SELECT",
                    "Make a user of its own: tarn odoo grants --source " + source.name() + " --user tarn_reader"));
            return;
        }
        List<String> writable = new ArrayList<>();
        for (TableSource.Table table : source.tables()) {
            database
                    .query(
                            "SELECT has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE') FROM pg_class c WHERE c.oid = "
                                    + "to_regclass(" + Sql.literal(PostgresSql.of(table.relation())) + ")",
                            "its rights were read",
                            row -> row.getBoolean(1))
                    .stream()
                    .filter(may -> may)
                    .forEach(may -> writable.add(table.relation().toString()));
        }
        if (!writable.isEmpty()) {
            findings.add(Finding.warn(
                    "the user " + url.user() + " may change " + String.join(", ", writable) + "; Tarn only reads",
                    "REVOKE INSERT, UPDATE, DELETE ON "
                            + writable.stream()
                                    .map(Relation::parse)
                                    .map(PostgresSql::of)
                                    .collect(Collectors.joining(", "))
                            + " FROM " + Sql.identifier(url.user()) + ";"));
        }
    }

    private void indexes(SourceDatabase database) {
        SourceCatalogue catalogue = new SourceCatalogue(database);
        for (TableSource.Table table : source.tables()) {
            SourceTable found = catalogue.table(table.relation());
            long rows = Long.parseLong(database.one(
                    "SELECT greatest(reltuples, 0)::bigint::text FROM pg_class WHERE oid = to_regclass("
                            + Sql.literal(PostgresSql.of(table.relation())) + ")",
                    table.relation() + " was looked up"));
            if (found.column(FreshRows.WRITE_DATE).isPresent()
                    && !found.indexed().contains(FreshRows.WRITE_DATE)
                    && rows > ROWS_WORTH_AN_INDEX) {
                String also = found.column("id").isPresent() ? ", id" : "";
                findings.add(Finding.warn(
                        "write_date is not indexed on " + table.relation() + " (" + rounded(rows)
                                + " rows): each look costs a scan, and fresh has no quick pass",
                        "CREATE INDEX CONCURRENTLY ON " + table.relation() + " (write_date" + also + ");"));
            }
        }
    }

    private static String rounded(long rows) {
        return rows >= MILLION
                ? String.format(Locale.ROOT, "%.1f M", rows / MILLION)
                : String.format(Locale.ROOT, "%.0f k", rows / THOUSAND);
    }

    /** What keeps old transactions open makes every look read more than is new. */
    private void horizon(SourceDatabase database) {
        String limit = "now() - interval '" + longestOpen.toSeconds() + " seconds'";
        List<Long> prepared = database.query(
                "SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database() AND prepared < " + limit,
                "its prepared transactions were counted",
                row -> row.getLong(1));
        if (prepared.get(0) > 0) {
            findings.add(
                    Finding.warn(
                            prepared.get(0)
                                    + (prepared.get(0) == 1
                                            ? " prepared transaction has"
                                            : " prepared transactions have")
                                    + " waited for more than " + longestOpen.toMinutes()
                                    + " minutes: every look reads again what was written since",
                            "Look at SELECT * FROM pg_prepared_xacts, and COMMIT PREPARED or ROLLBACK PREPARED what was forgotten."));
        }
        List<Long> old = database.query(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                        + " AND xact_start < " + limit,
                "its sessions were counted",
                row -> row.getLong(1));
        if (old.get(0) > 0) {
            findings.add(
                    Finding.warn(
                            old.get(0) + (old.get(0) == 1 ? " transaction has" : " transactions have")
                                    + " been open for more than " + longestOpen.toMinutes()
                                    + " minutes: every look reads again what was written since",
                            "Look at SELECT pid, xact_start, state FROM pg_stat_activity ORDER BY xact_start, and end what hangs."));
        }
        List<Long> behind = database.query(
                "SELECT pg_snapshot_xmax(s)::text::bigint - pg_snapshot_xmin(s)::text::bigint FROM pg_current_snapshot() s",
                "its snapshot was read",
                row -> row.getLong(1));
        if (behind.get(0) > MOST_BEHIND) {
            findings.add(Finding.warn(
                    "the oldest transaction that is open began " + rounded(behind.get(0))
                            + " transactions ago: every look reads again what was written since",
                    "Find it as a superuser in pg_stat_activity, pg_prepared_xacts or pg_replication_slots."));
        }
    }

    private void standby(SourceDatabase database) {
        if (isStandby(database)
                && database.one("SELECT current_setting('hot_standby_feedback')", "its settings were read")
                        .equals("off")) {
            findings.add(Finding.warn(
                    "it is a standby without hot_standby_feedback, which cancels looks when rows go that they are reading",
                    "Set hot_standby_feedback = on at the standby, or raise its max_standby_streaming_delay."));
        }
    }
}
