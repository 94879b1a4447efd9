package dev.tarn.compiler;

import dev.tarn.model.Column;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.Expectation;
import dev.tarn.model.Flow;
import dev.tarn.model.JudgedView;
import dev.tarn.model.PostgresSink;
import dev.tarn.model.TableSource;
import dev.tarn.model.WebhookSource;
import java.time.ZoneId;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is compared to tell whether a flow or a plan changed. Sets are put in order: theirs differs from run to run. */
final class Hashes {

    private Hashes() {}

    /** Of the meaning of a flow: blanks, comments and places do not count, and neither does the hash it has. */
    static String flow(Flow flow, ZoneId timezone) {
        Digest digest = new Digest().add(timezone).add(flow.sql()).addAll(flow.inputs());
        table(digest, flow.dataset());
        effect(digest, flow.effect());
        expectations(digest, flow.expectations());
        digest.add(flow.views().size());
        for (JudgedView view : flow.views()) {
            digest.add(view.name()).add(view.function());
            expectations(digest, view.expectations());
        }
        return digest.hex();
    }

    private static void table(Digest digest, Dataset dataset) {
        digest.add(dataset.name()).add(dataset.kind());
        digest.add(dataset.schema().columns().size());
        for (Column column : dataset.schema().columns()) {
            digest.add(column.name()).add(column.type());
        }
        digest.addAll(new TreeSet<>(dataset.required()));
        digest.addAll(dataset.partitionBy()).addAll(dataset.clusterBy());
        digest.addAll(new TreeMap<>(dataset.properties()).entrySet());
    }

    private static void effect(Digest digest, Effect effect) {
        digest.add(effect.getClass().getSimpleName()).add(effect.once());
        if (effect instanceof Effect.AutoCdc changes) {
            digest.addAll(changes.keys()).add(changes.sequence()).add(changes.type());
            digest.addAll(changes.tracked()).addAll(new TreeSet<>(changes.ignoreNulls()));
            digest.add(changes.snapshots());
        }
    }

    private static void expectations(Digest digest, List<Expectation> expectations) {
        digest.add(expectations.size());
        for (Expectation expectation : expectations) {
            digest.add(expectation.name()).add(expectation.sql()).add(expectation.onViolation());
        }
    }

    /** Of everything in a plan. */
    static String plan(
            String project,
            ZoneId timezone,
            List<Flow> flows,
            List<TableSource> sources,
            List<PostgresSink> sinks,
            List<WebhookSource> webhooks) {
        Digest digest = new Digest().add(project).add(timezone).add(flows.size());
        for (Flow flow : flows) {
            digest.add(flow.id()).add(flow.hash()).add(flow.position());
            digest.add(flow.dataset().comment()).add(flow.dataset().position());
            flow.schema().columns().forEach(column -> digest.add(column.comment()));
            written(digest, flow.expectations());
            flow.views().forEach(view -> written(digest, view.expectations()));
        }
        for (TableSource source : sources) {
            digest.add(source.name()).add(source.connection()).add(source.every());
            digest.add(source.deletes()).add(source.fields()).add(source.position());
            for (TableSource.Table table : source.tables()) {
                digest.add(table.relation()).add(table.target()).add(table.position());
                digest.addAll(new TreeSet<>(table.exclude())).addAll(table.key());
                digest.add(String.valueOf(table.split()));
                digest.add(String.valueOf(table.every())).add(String.valueOf(table.fresh()));
                digest.add(String.valueOf(table.fileMegabytes()));
            }
        }
        return digest.addAll(sinks).addAll(webhooks).hex();
    }

    private static void written(Digest digest, List<Expectation> expectations) {
        expectations.forEach(expectation -> digest.add(expectation.condition()).add(expectation.position()));
    }
}
