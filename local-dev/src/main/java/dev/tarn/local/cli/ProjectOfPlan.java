package dev.tarn.local.cli;

import dev.tarn.engine.lake.Lake;
import dev.tarn.local.run.CompiledProject;
import dev.tarn.model.Plan;
import dev.tarn.model.TarnException;
import java.nio.file.Path;

/** A project beside the plan that runs on a lake. */
record ProjectOfPlan(Path project, String target) {

    /** Whether the project compiles to this plan; one that does not compile is another. */
    boolean is(Plan plan, Lake lake) {
        try {
            return CompiledProject.compile(project, target, lake).hash().equals(plan.hash());
        } catch (TarnException wrong) {
            return false;
        }
    }
}
