package dev.tarn.local.run;

import dev.tarn.compiler.Compiler;
import dev.tarn.compiler.ProjectSettings;
import dev.tarn.connect.odoo.OdooCatalogue;
import dev.tarn.engine.delta.TableSnapshot;
import dev.tarn.engine.lake.Lake;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Flow;
import dev.tarn.model.Nearest;
import dev.tarn.model.Plan;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compiles a project against what is known of its bronze tables. */
public final class CompiledProject {

    private CompiledProject() {}

    /**
     * The plan of {@code project} for {@code target}. Columns of bronze are those of the lake's tables or, as long as
     * there are none, those that Odoo 16 to 19 have in common.
     *
     * @param lake null when there is none yet
     * @throws dev.tarn.model.TarnException with every problem of the project
     */
    public static Plan compile(Path project, String target, @Nullable Lake lake) {
        return compile(project, target, lake, warning -> {});
    }

    /** As above; {@code warnings} is told what is right and may not be meant. */
    public static Plan compile(Path project, String target, @Nullable Lake lake, Consumer<Problem> warnings) {
        return Compiler.compile(project, target, table -> schema(table, lake), warnings);
    }

    /** Columns of the tables that flows of the plan read and none of them makes, as {@link #compile} took them. */
    public static Map<TableName, TableSchema> bronze(Plan plan, @Nullable Lake lake) {
        Set<TableName> made = plan.flows().stream().map(Flow::target).collect(Collectors.toSet());
        Map<TableName, TableSchema> bronze = new TreeMap<>();
        plan.flows().stream()
                .flatMap(flow -> flow.inputs().stream())
                .map(Flow.Input::table)
                .filter(table -> !made.contains(table))
                .forEach(table -> schema(table, lake).ifPresent(schema -> bronze.put(table, schema)));
        plan.drops().stream()
                .filter(drop -> plan.flows().stream()
                        .flatMap(flow -> flow.inputs().stream())
                        .anyMatch(input -> input.table().equals(drop.target())))
                .forEach(drop -> bronze.put(
                        drop.target(),
                        schema(drop.target(), lake).map(drop::tableSchema).orElseGet(drop::tableSchema)));
        return bronze;
    }

    /** The target of that name, or the default one. Throws {@link TarnException} (USAGE) when the project has no such target. */
    public static ProjectSettings.Target target(Path folder, Optional<String> name) {
        ProjectSettings project = Compiler.settings(folder);
        if (name.isEmpty()) {
            return project.defaultTarget();
        }
        ProjectSettings.Target target = project.targets().get(name.get());
        if (target == null) {
            throw new TarnException(
                    ErrorCode.USAGE,
                    "tarn.yml has no target " + name.get() + ".",
                    Nearest.sentence(
                            name.get(),
                            project.targets().keySet(),
                            "It has " + String.join(", ", project.targets().keySet()) + "."));
        }
        return target;
    }

    private static Optional<TableSchema> schema(TableName table, @Nullable Lake lake) {
        return Optional.ofNullable(lake)
                .flatMap(open -> open.table(table).snapshot())
                .map(TableSnapshot::schema)
                .or(() -> OdooCatalogue.schema(table.table()));
    }
}
