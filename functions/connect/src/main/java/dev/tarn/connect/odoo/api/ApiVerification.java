package dev.tarn.connect.odoo.api;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.extract.SourceVerdict;
import dev.tarn.connect.extract.TableVerdict;
import dev.tarn.connect.extract.Verification;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.Layer;
import dev.tarn.model.Plan;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * Compares an Odoo, as its API shows it, with what the lake has of it: ids and dates of all records, and sums of numbers.
 * The API shows no snapshot and no horizon, so what is still to come is told by dates: it is what the next look would read.
 * Nothing is changed on either side.
 */
public final class ApiVerification {

    private final Lake lake;
    private final ApiAccess access;
    private final TableSource source;
    private final Plan plan;
    private final BiPredicate<TableName, String> sameInSilver;

    /** @param plan of the project, and {@code sameInSilver}, as {@link Verification} has them */
    public ApiVerification(Lake lake, ApiAccess access, Plan plan, BiPredicate<TableName, String> sameInSilver) {
        this.lake = requireNonNull(lake, "lake");
        this.access = requireNonNull(access, "access");
        this.source = access.source();
        this.plan = requireNonNull(plan, "plan");
        this.sameInSilver = requireNonNull(sameInSilver, "sameInSilver");
    }

    /**
     * Compares these tables.
     *
     * @param sums columns to add up; none for all whole numbers and decimals that both sides have
     * @throws dev.tarn.model.TarnException as {@link ApiExtract#connect}; SOURCE_RECREATED, SCHEMA_CHANGED, COLUMN_NOT_FOUND for a
     *     column that cannot be added up
     */
    public SourceVerdict run(List<TableSource.Table> tables, List<Verification.Summand> sums) {
        // The lake first, silver before bronze: neither can then be ahead of what is compared with it.
        Map<TableSource.Table, TableSnapshot> silver = new HashMap<>();
        tables.forEach(
                table -> lake.table(new TableName(Layer.SILVER, table.target().table()))
                        .snapshot()
                        .ifPresent(snapshot -> silver.put(table, snapshot)));
        OdooRecords records = access.open();
        Map<TableSource.Table, String> models = new ModelNames(source, records).find();
        Instant begun = records.api().patience().clock().instant();
        List<TableVerdict> verdicts = new ArrayList<>();
        for (TableSource.Table table : tables) {
            Standing standing = Standing.of(lake, source, table, records, requireNonNull(models.get(table)), false);
            verdicts.add(new ModelVerification(lake, source, table, records, standing)
                    .run(silver.get(table), plan, sameInSilver, Verification.Summand.of(table, sums)));
        }
        return new SourceVerdict(begun, null, verdicts, limits());
    }

    private List<String> limits() {
        return List.of(
                "Odoo's API shows no snapshot: a record is as it was when it was listed, and what " + access.user()
                        + " may not see is not there.",
                "Numbers are compared by their sums, everything else by write_date alone.");
    }
}
