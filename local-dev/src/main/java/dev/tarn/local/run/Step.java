package dev.tarn.local.run;

import static java.util.Objects.requireNonNull;

import dev.tarn.engine.event.UpdateStats;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import java.time.Duration;
import java.util.List;

/** Something that has happened to a table: one row of what {@code tarn up} shows. */
public sealed interface Step {

    Stage stage();

    /** The table, or what is published where. */
    String name();

    /** Rows came from a source. */
    record Extracted(TableName table, long rows, Duration took) implements Step {
        @Override
        public Stage stage() {
            return Stage.EXTRACT;
        }

        @Override
        public String name() {
            return table.toString();
        }
    }

    /** A flow gave its target a new version. */
    record Updated(Stage stage, TableName table, long version, UpdateStats stats) implements Step {
        @Override
        public String name() {
            return table.toString();
        }
    }

    /**
     * A gold table was sent to a sink.
     *
     * @param name the sink and its table
     * @param rows of the gold table
     */
    record Published(String name, long rows, long inserted, long updated, long deleted, Duration took) implements Step {
        @Override
        public Stage stage() {
            return Stage.PUBLISH;
        }
    }

    /** It failed; the table is as it was. */
    record Failed(Stage stage, String name, List<Problem> problems) implements Step {
        public Failed {
            requireNonNull(stage, "stage");
            problems = List.copyOf(problems);
        }
    }

    /**
     * Something that the user should know and that stopped nothing.
     *
     * @param remark a sentence
     */
    record Remarked(String name, String remark) implements Step {
        public Remarked {
            requireNonNull(name, "name");
            requireNonNull(remark, "remark");
        }

        @Override
        public Stage stage() {
            return Stage.EXTRACT;
        }
    }
}
