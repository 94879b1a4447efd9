package dev.tarn.compiler;

import dev.tarn.compiler.query.FlowQuery;
import dev.tarn.compiler.statement.DatasetStatement.Kind;
import dev.tarn.model.Column;
import dev.tarn.model.Expectation;
import dev.tarn.model.Flow;
import dev.tarn.model.OdooSource;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.TableName;
import java.time.ZoneId;
import java.util.List;
import java.util.TreeSet;

/** What is compared to tell whether a flow or a plan changed. */
final class Hashes {

    private Hashes() {}

    /** Of the meaning of a flow: blanks, comments and places do not count. */
    static String flow(
            TableName target,
            Kind kind,
            FlowQuery query,
            List<String> partitionBy,
            List<Expectation> expectations,
            ZoneId timezone) {
        Digest digest = new Digest().add(target).add(kind).add(timezone).add(query.sql());
        digest.addAll(query.inputs()).addAll(partitionBy);
        for (Column column : query.schema().columns()) {
            digest.add(column.name()).add(column.type());
        }
        for (Expectation expectation : expectations) {
            digest.add(expectation.name()).add(expectation.sql()).add(expectation.onViolation());
        }
        return digest.hex();
    }

    /** Of everything in a plan. */
    static String plan(
            String project, ZoneId timezone, List<Flow> flows, List<OdooSource> sources, List<PostgresSink> sinks) {
        Digest digest = new Digest().add(project).add(timezone);
        flows.forEach(flow -> digest.add(flow));
        for (OdooSource source : sources) {
            digest.add(source.name())
                    .add(source.database())
                    .add(source.version())
                    .add(source.every());
            digest.add(source.position());
            for (OdooSource.Table table : source.tables()) {
                digest.add(table.relation()).add(table.target()).add(table.position());
                digest.addAll(new TreeSet<>(table.exclude()));
            }
        }
        return digest.addAll(sinks).hex();
    }
}
