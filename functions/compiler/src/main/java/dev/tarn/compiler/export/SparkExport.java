package dev.tarn.compiler.export;

import dev.tarn.compiler.export.ExportedProject.ExportedFile;
import dev.tarn.compiler.project.PipelineSpec;
import dev.tarn.compiler.statement.FlowStatement;
import dev.tarn.compiler.statement.Statement;
import dev.tarn.compiler.statement.TableStatement;
import dev.tarn.compiler.statement.ViewStatement;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.Token;

/** Declarative pipelines of open-source Spark 4.2, in the part of SQL that it has. */
final class SparkExport {

    private final ExportableProject project;
    private final SparkStatements statements;

    SparkExport(ExportableProject project) {
        this.project = project;
        this.statements = new SparkStatements(project);
    }

    ExportedProject export() {
        List<ExportedFile> files = new ArrayList<>();
        files.add(new ExportedFile(PipelineSpec.FILE, spec()));
        for (SourceFile file : project.files()) {
            files.add(new ExportedFile("transformations/" + file.path().replaceFirst("^pipelines/", ""), sql(file)));
        }
        return new ExportedProject(files, statements.remarks());
    }

    private String spec() {
        PipelineSpec spec = project.spec();
        return "name: " + spec.name() + "\nstorage: " + project.storage() + "\n"
                + spec.catalog().map(catalog -> "catalog: " + catalog + "\n").orElse("")
                + spec.layer()
                        .map(layer -> "database: " + layer.folder() + "\n")
                        .orElse("")
                + "libraries:\n  - glob:\n      include: transformations/**\nconfiguration:\n"
                + "  spark.sql.session.timeZone: " + project.plan().timezone() + "\n";
    }

    private String sql(SourceFile file) {
        StringBuilder text = new StringBuilder();
        for (SourceFile.Part part : file.parts()) {
            text.append(part.before()).append(part.statement().map(this::of).orElseGet(() -> setting(part.tokens())));
        }
        return text.append("\n").toString();
    }

    private String of(Statement statement) {
        if (statement instanceof TableStatement table) {
            return statements.table(table);
        }
        return statement instanceof ViewStatement view
                ? statements.view(view)
                : statements.flow((FlowStatement) statement);
    }

    private static String setting(List<Token> tokens) {
        String written = SqlText.asWritten().of(tokens);
        return written.replaceFirst("(?i)^USE\\s+CATALOG\\b", "SET CATALOG") + ";";
    }
}
