package dev.tarn.compiler;

import dev.tarn.model.Plan;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** A small project in a folder, complete and right, of which a test replaces what it needs otherwise. */
final class TestProject {

    private final Path folder;
    private Function<TableName, Optional<TableSchema>> schemas = OdooTables::schema;

    TestProject(Path folder) {
        this.folder = folder;
        with(
                "spark-pipeline.yml",
                """
                name: test
                storage: file:///tmp/spark
                database: silver
                libraries:
                  - glob: { include: pipelines/** }
                """);
        with(
                "tarn.yml",
                """
                version: 1
                timezone: UTC
                targets:
                  local: { lake: ./.lake, default: true }
                """);
        with(
                "sources/odoo.yml",
                """
                source: odoo
                type: odoo
                connection: { database: "${secret:odoo-url}", version: 19 }
                schedule: { every: 5m }
                tables:
                  - model: account.move
                  - model: res.partner
                """);
    }

    TestProject with(String file, String text) {
        try {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One SQL file, {@code pipelines/a.sql}. */
    TestProject sql(String text) {
        return with("pipelines/a.sql", text);
    }

    TestProject schemas(Function<TableName, Optional<TableSchema>> newSchemas) {
        schemas = newSchemas;
        return this;
    }

    Plan compile() {
        return Compiler.compile(folder, "", schemas);
    }

    /** {@code compiles}, or the message of the refusal. */
    String outcome(Consumer<Problem> warnings) {
        try {
            Compiler.compile(folder, "", schemas, warnings);
            return "compiles";
        } catch (TarnException e) {
            return e.getMessage();
        }
    }

    /** The message of the refusal; fails when the project compiles. */
    String refusal() {
        try {
            compile();
        } catch (TarnException e) {
            return e.getMessage();
        }
        throw new AssertionError("the project compiles");
    }
}
