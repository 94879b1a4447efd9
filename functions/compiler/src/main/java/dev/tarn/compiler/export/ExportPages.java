package dev.tarn.compiler.export;

import static java.util.stream.Collectors.joining;

import java.util.List;

/** What an export says about itself. */
final class ExportPages {

    private ExportPages() {}

    static String readme(ExportableProject project, ExportTarget target) {
        boolean spark = target == ExportTarget.SPARK;
        String registered = project.bronze().stream()
                .map(table -> "    CREATE TABLE IF NOT EXISTS " + table + " USING DELTA LOCATION '<lake>/"
                        + table.path() + "';\n")
                .collect(joining());
        String run = spark
                ? "    spark-pipelines run --spec spark-pipeline.yml\n\n"
                        + "It needs Spark 4.2 with Delta Lake: the package `io.delta:delta-spark_4.2_2.13`, `spark.sql.extensions`\n"
                        + "set to `io.delta.sql.DeltaSparkSessionExtension` and `spark.sql.catalog.spark_catalog` set to\n"
                        + "`org.apache.spark.sql.delta.catalog.DeltaCatalog`.\n"
                : "    databricks bundle validate\n    databricks bundle deploy --target dev --var catalog=<catalog>\n"
                        + "    databricks bundle run update --target dev --var catalog=<catalog>\n";
        String schemas = spark
                ? "    CREATE SCHEMA IF NOT EXISTS bronze;\n    CREATE SCHEMA IF NOT EXISTS silver;\n    CREATE SCHEMA IF NOT EXISTS gold;\n"
                : "    USE CATALOG <catalog>;\n    CREATE SCHEMA IF NOT EXISTS bronze;\n    CREATE SCHEMA IF NOT EXISTS silver;\n    CREATE SCHEMA IF NOT EXISTS gold;\n";
        return "# " + project.spec().name() + " for " + (spark ? "Spark 4.2" : "Databricks") + "\n\n"
                + "Exported by Tarn. What differs from the project, and why, is in [REPORT.md](REPORT.md).\n\n"
                + "## Register the bronze tables\n\n"
                + "They stay where they are, as external Delta tables. Put the address of the lake in place of `<lake>`"
                + (spark
                        ? ""
                        : ",\nof which Unity Catalog needs an external location, and your catalog in place of `<catalog>`")
                + ":\n\n" + schemas + registered + "\n## Run\n\n" + run;
    }

    static String report(List<Remark> remarks) {
        if (remarks.isEmpty()) {
            return "# What differs from the project\n\nNothing.\n";
        }
        String rows = remarks.stream()
                .map(remark -> "| " + remark.position().file() + ":"
                        + remark.position().line() + " | " + remark.kind() + " | " + cell(remark.what()) + " | "
                        + cell(remark.why()) + " |\n")
                .collect(joining());
        return "# What differs from the project\n\n"
                + "*rewritten* gives the same rows in another way; *lost* is not there, or does less.\n\n"
                + "| where | | what | why |\n|---|---|---|---|\n" + rows;
    }

    private static String cell(String text) {
        return text.replace("|", "\\|");
    }
}
