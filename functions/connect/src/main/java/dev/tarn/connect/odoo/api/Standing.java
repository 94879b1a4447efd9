package dev.tarn.connect.odoo.api;

import dev.tarn.connect.bronze.Landing;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a look finds of a model in the lake, and plans.
 *
 * @param cursor null when the model was not read by its API before
 */
record Standing(Landing landing, @Nullable ApiCursor cursor, ModelPlan plan) {

    /**
     * Finds it.
     *
     * @param whole whether everything is read once more, from whatever database it was read before
     * @throws TarnException SOURCE_RECREATED, and as {@link ModelPlanner} and {@link OdooApi}
     */
    static Standing of(
            Lake lake, TableSource source, TableSource.Table table, OdooRecords records, String model, boolean whole) {
        Landing landing = Landing.begin(lake, source.name(), table.relation().toString(), table.target());
        ApiCursor cursor = landing.cursor()
                .flatMap(text -> ApiCursor.parse(landing.flowId(), text))
                .orElse(null);
        String database = records.api().login().toString();
        boolean other = landing.cursor().isPresent()
                && (cursor == null || !cursor.database().equals(database));
        if (other && !whole) {
            throw recreated(source, table, records);
        }
        return new Standing(
                landing,
                cursor,
                new ModelPlanner(source, table, model, records.fields(model))
                        .plan(landing.base().map(TableSnapshot::schema).orElse(null), cursor));
    }

    /** What keeps files of the model's records; none where the plan has no column for their paths. */
    Attachments attachments(Lake lake, TableSource source, TableSource.Table table, OdooRecords records) {
        Integer megabytes = table.fileMegabytes();
        return new Attachments(
                lake.storage(), source.name(), records, megabytes == null || !plan.files() ? 0 : megabytes);
    }

    private static TarnException recreated(TableSource source, TableSource.Table table, OdooRecords records) {
        return new TarnException(
                List.of(new Problem(
                        ErrorCode.SOURCE_RECREATED,
                        table.position(),
                        "Source " + source.name() + ": " + table.target() + " was read from somewhere else than "
                                + records.api().login() + ", so changes cannot be told from what was read.",
                        "Correct url and db; if the change is meant, tarn odoo resync reads the tables once more and"
                                + " lands what differs.")),
                null);
    }
}
