package dev.tarn.compiler.export;

import static java.util.stream.Collectors.joining;

import dev.tarn.compiler.export.ExportedProject.ExportedFile;
import dev.tarn.compiler.statement.Constraint;
import dev.tarn.compiler.statement.FlowStatement;
import dev.tarn.compiler.statement.FlowStatement.Changes;
import dev.tarn.compiler.statement.FlowStatement.Insertion;
import dev.tarn.compiler.statement.TableStatement;
import dev.tarn.model.Expectation.OnViolation;
import dev.tarn.model.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.Token;

/** A Databricks Asset Bundle: the project's own SQL, a pipeline that runs it and a job that starts the pipeline. */
final class DatabricksExport {

    private static final String QUARANTINE = "QUARANTINE";
    private static final String UNKNOWN = "Databricks does not know QUARANTINE.";

    private final ExportableProject project;
    private final List<Remark> remarks = new ArrayList<>();

    DatabricksExport(ExportableProject project) {
        this.project = project;
    }

    ExportedProject export() {
        List<ExportedFile> files = new ArrayList<>();
        files.add(new ExportedFile("databricks.yml", bundle()));
        project.files().forEach(file -> files.add(new ExportedFile(file.path(), sql(file))));
        return new ExportedProject(files, remarks);
    }

    private String bundle() {
        String name = project.spec().name();
        String key = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        String schema = project.spec().layer().map(layer -> layer.folder()).orElse("silver");
        String globs = project.files().stream()
                .map(SourceFile::path)
                .map(path -> path.contains("/") ? path.substring(0, path.indexOf('/')) + "/**" : path)
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .map(glob -> "        - glob:\n            include: " + quoted(glob) + "\n")
                .collect(joining());
        return "bundle:\n  name: " + quoted(key) + "\n\nvariables:\n  catalog:\n"
                + "    description: Unity Catalog's catalog with the schemas bronze, silver and gold\n    default: main\n\n"
                + "resources:\n  pipelines:\n    " + key + ":\n      name: " + quoted(name)
                + "\n      catalog: ${var.catalog}\n      schema: " + schema
                + "\n      serverless: true\n      libraries:\n" + globs
                + "      configuration:\n        spark.sql.session.timeZone: "
                + quoted(project.plan().timezone().getId()) + "\n  jobs:\n    update:\n      name: "
                + quoted(name + " update") + "\n      tasks:\n        - task_key: update\n          pipeline_task:\n"
                + "            pipeline_id: ${resources.pipelines." + key + ".id}\n\n"
                + "targets:\n  dev:\n    mode: development\n    default: true\n  prod:\n    mode: production\n";
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** The file as it is, but for what is Tarn's own. */
    private String sql(SourceFile file) {
        StringBuilder text = new StringBuilder(file.text());
        List<Token> words =
                file.parts().stream().flatMap(part -> part.tokens().stream()).toList();
        for (int i = words.size() - 1; i > 1; i--) {
            if (isQuarantine(words, i)) {
                int from = file.text().offsetByCodePoints(0, words.get(i).getStartIndex());
                text.replace(from, from + QUARANTINE.length(), "DROP ROW");
            }
        }
        file.parts().stream()
                .flatMap(part -> part.statement().stream())
                .filter(TableStatement.class::isInstance)
                .map(TableStatement.class::cast)
                .filter(table -> new Rules(table.constraints()).quarantine())
                .forEach(table -> closed(text).append("\n").append(quarantine(table)));
        return text.toString();
    }

    private static boolean isQuarantine(List<Token> words, int i) {
        return words.get(i).getText().equalsIgnoreCase(QUARANTINE)
                && words.get(i - 1).getText().equalsIgnoreCase("VIOLATION")
                && words.get(i - 2).getText().equalsIgnoreCase("ON");
    }

    private static StringBuilder closed(StringBuilder text) {
        String written = text.toString().stripTrailing();
        text.setLength(written.length());
        return written.endsWith(";") ? text.append("\n") : text.append("\n;\n");
    }

    private String quarantine(TableStatement table) {
        Rules rules = new Rules(table.constraints());
        TableName name = ExportableProject.table(table.name(), table);
        for (Constraint rule : table.constraints()) {
            if (rule.onViolation() == OnViolation.QUARANTINE) {
                remarks.add(new Remark(
                        rule.position(),
                        Remark.Kind.REWRITTEN,
                        "The expectation " + rule.name() + " became DROP ROW, and " + name
                                + "_quarantine reads the rows that break it.",
                        UNKNOWN));
            }
        }
        String create = "CREATE OR REFRESH " + (table.isView() ? "MATERIALIZED VIEW " : "STREAMING TABLE ") + name
                + "_quarantine\nCOMMENT 'Rows that broke a rule of " + name + "'";
        List<FlowStatement> flows = project.flows(name);
        if (flows.size() == 1) {
            return create + "\nAS " + rules.putAside(query(flows.get(0))) + ";\n";
        }
        StringBuilder statements = new StringBuilder(create + ";\n");
        for (FlowStatement flow : flows) {
            boolean once = flow.work().once();
            statements
                    .append("\nCREATE FLOW ")
                    .append(flow.name().isEmpty() ? name.table() : flow.name())
                    .append("_quarantine\nAS INSERT ")
                    .append(once ? "ONCE " : "")
                    .append("INTO ")
                    .append(name)
                    .append("_quarantine BY NAME\n")
                    .append(rules.putAside(query(flow)))
                    .append(";\n");
        }
        return statements.toString();
    }

    private static String query(FlowStatement flow) {
        if (flow.work() instanceof Insertion insertion) {
            return SqlText.asWritten().of(insertion.query());
        }
        Changes changes = (Changes) flow.work();
        return "SELECT * "
                + SqlText.asWritten()
                        .of(changes.source()
                                .tokens()
                                .subList(2, changes.source().tokens().size()));
    }
}
