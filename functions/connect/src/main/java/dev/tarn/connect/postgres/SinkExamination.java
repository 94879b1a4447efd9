package dev.tarn.connect.postgres;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.Finding;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Tries everything that publishing to a sink needs, and changes nothing there. */
public final class SinkExamination {

    private final PostgresSink sink;
    private final PostgresUrl url;
    private final Function<TableName, Optional<TableSchema>> schemas;
    private final String where;

    /** @param schemas columns of gold tables; empty for one that is not known */
    public SinkExamination(PostgresSink sink, PostgresUrl url, Function<TableName, Optional<TableSchema>> schemas) {
        this.sink = requireNonNull(sink, "sink");
        this.url = requireNonNull(url, "url");
        this.schemas = requireNonNull(schemas, "schemas");
        this.where = Peer.sink(sink.name()) + ": " + url;
    }

    /** Examines the sink. */
    public List<Finding> run() {
        List<Finding> findings = new ArrayList<>();
        try (Connection connection = PostgresLogin.open(Peer.sink(sink.name()), url)) {
            for (PostgresSink.Table table : sink.tables()) {
                examine(connection, table, findings);
            }
            position(connection, findings);
            if (findings.isEmpty()) {
                findings.add(Finding.ok(
                        url + ", " + sink.tables().size() + (sink.tables().size() == 1 ? " table" : " tables")));
            }
            connection.rollback();
        } catch (TarnException refusal) {
            failed(refusal, findings);
        } catch (SQLException e) {
            throw new IllegalStateException("the connection to " + url + " could not be closed", e);
        }
        return findings;
    }

    private void examine(Connection connection, PostgresSink.Table table, List<Finding> findings) {
        Optional<TableSchema> schema = schemas.apply(table.from());
        if (schema.isEmpty()) {
            return;
        }
        try {
            SinkTable.find(connection, where, table, schema.get());
        } catch (TarnException refusal) {
            failed(refusal, findings);
        } catch (SQLException e) {
            failed(SinkFailure.of(where, table, e), findings);
        }
    }

    private void position(Connection connection, List<Finding> findings) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!SinkPosition.exists(statement)) {
                SinkPosition.requireRight(statement, where);
            }
        } catch (TarnException refusal) {
            failed(refusal, findings);
        }
    }

    private static void failed(TarnException refusal, List<Finding> findings) {
        refusal.problems().stream().map(Finding::fail).forEach(findings::add);
    }
}
