package dev.tarn.compiler;

import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.Expectation;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.Sql;
import java.util.List;
import java.util.stream.Stream;

/** What the rows of a table have to keep. */
final class RowRules {

    private RowRules() {}

    /** The expectations of the user, then one for each column that is NOT NULL: a row without it fails the update. */
    static List<Expectation> of(Dataset dataset, Effect effect, List<Expectation> written) {
        // A delete carries nothing but its keys.
        String unless = effect instanceof Effect.AutoCdc
                ? Sql.identifier(Effect.AutoCdc.OPERATION) + " <> " + Effect.AutoCdc.UPSERT + " OR "
                : "";
        return Stream.concat(
                        written.stream(),
                        dataset.schema().names().stream()
                                .filter(dataset.required()::contains)
                                .filter(name -> !name.equals(Effect.AutoCdc.START_AT))
                                .map(name -> new Expectation(
                                        name + " NOT NULL",
                                        name + " IS NOT NULL",
                                        unless + Sql.identifier(name) + " IS NOT NULL",
                                        OnViolation.FAIL_UPDATE,
                                        dataset.position())))
                .toList();
    }
}
