package dev.tarn.compiler.export;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Nearest;
import dev.tarn.model.TarnException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** For whom a project is exported. */
public enum ExportTarget {
    /** A Databricks Asset Bundle. */
    DATABRICKS,
    /** Declarative pipelines of open-source Spark 4.2. */
    SPARK;

    /**
     * The target of that name.
     *
     * @throws TarnException USAGE when there is none
     */
    public static ExportTarget named(String name) {
        List<String> names = Arrays.stream(values()).map(ExportTarget::toString).toList();
        return Arrays.stream(values())
                .filter(target -> target.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new TarnException(
                        ErrorCode.USAGE,
                        "Projects cannot be exported for '" + name + "'.",
                        Nearest.sentence(name, names, "Write --target databricks or --target spark.")));
    }

    /** As the command line names it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
