package dev.tarn.compiler.export;

import static java.util.stream.Collectors.joining;

import dev.tarn.compiler.statement.Constraint;
import dev.tarn.compiler.statement.DeclaredColumn;
import dev.tarn.compiler.statement.FlowStatement;
import dev.tarn.compiler.statement.FlowStatement.Changes;
import dev.tarn.compiler.statement.FlowStatement.Insertion;
import dev.tarn.compiler.statement.Named;
import dev.tarn.compiler.statement.TableStatement;
import dev.tarn.compiler.statement.ViewStatement;
import dev.tarn.model.Column;
import dev.tarn.model.Dataset;
import dev.tarn.model.Effect;
import dev.tarn.model.SourcePosition;
import dev.tarn.model.TableName;
import java.util.ArrayList;
import java.util.List;

/** Single statements of a project, as Spark 4.2 takes them. */
final class SparkStatements {

    private static final String LEFT_OUT = "-- Left out: see REPORT.md.\n";
    private static final String NO_COUNTS = "Spark 4.2 has no expectations and counts nothing.";

    private final ExportableProject project;
    private final ViewUses views;
    private final List<Remark> remarks = new ArrayList<>();

    SparkStatements(ExportableProject project) {
        this.project = project;
        this.views = new ViewUses(project);
    }

    List<Remark> remarks() {
        return remarks;
    }

    String table(TableStatement table) {
        TableName name = ExportableProject.table(table.name(), table);
        if (table.isPrivate()) {
            lost(table.position(), name + " is not private.", "Spark 4.2 has no private tables.");
        }
        table.columns().stream()
                .filter(DeclaredColumn::required)
                .forEach(column -> lost(
                        column.position(),
                        "NOT NULL of " + column.name() + " in " + name + " is not ensured.",
                        "Spark 4.2 takes no constraints in pipelines."));
        rules(table.constraints(), name.toString());
        List<FlowStatement> flows = project.flows(name);
        Rules rules = new Rules(table.constraints());
        StringBuilder text = new StringBuilder();
        if (flows.get(0).work() instanceof Changes changes) {
            text.append(followed(table, name, flows.get(0), changes));
        } else if (table.isView()) {
            String query = SqlText.asWritten().of(((Insertion) flows.get(0).work()).query());
            text.append(created("MATERIALIZED VIEW", table, name))
                    .append("\nAS ")
                    .append(rules.kept(cast(table, query)))
                    .append(";");
        } else {
            text.append(created("STREAMING TABLE", table, name)).append(";");
            table.flow().ifPresent(flow -> text.append("\n\n").append(insertion(flow, rules)));
        }
        return text.append(rules.quarantine() ? quarantine(table, name, flows) : "")
                .toString();
    }

    private String followed(TableStatement table, TableName name, FlowStatement flow, Changes changes) {
        Effect.AutoCdc effect = (Effect.AutoCdc) project.flow(flow).effect();
        if (changes.snapshots() && effect.type() == Effect.ScdType.TYPE_2) {
            lost(
                    flow.position(),
                    "AUTO CDC FROM SNAPSHOT into " + name + " is left out, and so is the table.",
                    "Its versions come from snapshots that are gone.");
            return LEFT_OUT;
        }
        remarks.add(new Remark(
                flow.position(),
                Remark.Kind.REWRITTEN,
                "AUTO CDC into " + name + " became a materialized view over all changes.",
                "Spark 4.2 has no AUTO CDC in SQL, and in Python no history. Each update computes the table from all changes,"
                        + " which bronze has to keep."));
        String source = "SELECT * " + source(changes, views.reading());
        String from = table.constraints().isEmpty()
                ? source(changes, views.reading())
                : "FROM (\n" + new Rules(table.constraints()).kept(source) + "\n)";
        List<String> columns = project.dataset(name).schema().names();
        return created("MATERIALIZED VIEW", table, name) + "\nAS "
                + cast(table, new ChangesQuery(changes, effect, from, columns).sql()) + ";";
    }

    private static String source(Changes changes, SqlText reading) {
        // SELECT and * stand before it, which nobody wrote.
        return reading.of(
                changes.source().tokens().subList(2, changes.source().tokens().size()));
    }

    private String quarantine(TableStatement table, TableName name, List<FlowStatement> flows) {
        Rules rules = new Rules(table.constraints());
        String aside = name + "_quarantine";
        String comment = "\nCOMMENT " + SqlText.literal("Rows that broke a rule of " + name);
        if (flows.get(0).work() instanceof Changes changes) {
            return "\n\nCREATE MATERIALIZED VIEW " + aside + comment + "\nAS "
                    + rules.putAside("SELECT * " + source(changes, views.reading())) + ";";
        }
        String kind = table.isView() ? "MATERIALIZED VIEW " : "STREAMING TABLE ";
        StringBuilder text = new StringBuilder("\n\nCREATE " + kind + aside + comment);
        if (table.isView()) {
            String query = SqlText.asWritten().of(((Insertion) flows.get(0).work()).query());
            return text + "\nAS " + rules.putAside(cast(table, query)) + ";";
        }
        text.append(";");
        for (FlowStatement flow : flows) {
            if (!flow.work().once()) {
                String query = SqlText.asWritten().of(((Insertion) flow.work()).query());
                text.append("\n\nCREATE FLOW " + SqlText.name(flowName(flow) + "_quarantine") + "\nAS INSERT INTO "
                        + aside + " BY NAME\n" + rules.putAside(query) + ";");
            }
        }
        return text.toString();
    }

    /** The flow, unless the statement of its table has it already. */
    String flow(FlowStatement flow) {
        TableName target = ExportableProject.table(flow.target(), flow);
        if (flow.work() instanceof Changes) {
            return "-- Its changes are in the query of " + target + ".";
        }
        return insertion(flow, new Rules(project.statement(target).constraints()));
    }

    private String insertion(FlowStatement flow, Rules rules) {
        TableName target = ExportableProject.table(flow.target(), flow);
        Insertion insertion = (Insertion) flow.work();
        if (insertion.once()) {
            lost(
                    flow.position(),
                    "INSERT ONCE into " + target + " is left out.",
                    "Spark 4.2 has no such flow in SQL. Insert its rows yourself, before the first run.");
            return LEFT_OUT;
        }
        return "CREATE FLOW " + SqlText.name(flowName(flow)) + "\nAS INSERT INTO " + target + " BY NAME\n"
                + rules.kept(SqlText.asWritten().of(insertion.query())) + ";";
    }

    private static String flowName(FlowStatement flow) {
        TableName target = ExportableProject.table(flow.target(), flow);
        return flow.name().isEmpty() ? target.layer().folder() + "_" + target.table() + "_rows" : flow.name();
    }

    String view(ViewStatement view) {
        rules(view.constraints(), view.name().written());
        StringBuilder text = new StringBuilder();
        if (views.asWritten(view)) {
            text.append(view(view, plainName(view), SqlText.asWritten()));
        }
        if (views.whole(view)) {
            text.append(text.isEmpty() ? "" : "\n\n").append(view(view, views.nameOfWhole(view), views.reading()));
        }
        return text.toString();
    }

    private static String plainName(ViewStatement view) {
        return view.name().parts().get(view.name().parts().size() - 1);
    }

    private static String view(ViewStatement view, String name, SqlText reading) {
        String written = view.temporary()
                ? SqlText.name(name)
                : ExportableProject.table(view.name(), view).layer().folder() + "." + SqlText.name(name);
        return "CREATE " + (view.temporary() ? "TEMPORARY " : "") + "VIEW " + written + "\nAS "
                + new Rules(view.constraints()).kept(reading.of(view.query())) + ";";
    }

    private void rules(List<Constraint> constraints, String of) {
        for (Constraint rule : constraints) {
            String what = "The expectation " + rule.name() + " of " + of;
            switch (rule.onViolation()) {
                case WARN ->
                    lost(rule.position(), what + " is left out: rows that break it are kept, as before.", NO_COUNTS);
                case DROP_ROW ->
                    rewritten(rule.position(), what + " became a condition: rows are left out, not counted.");
                case QUARANTINE ->
                    rewritten(
                            rule.position(),
                            what + " became a condition, and " + of + "_quarantine reads the rows that break it.");
                case FAIL_UPDATE ->
                    rewritten(
                            rule.position(), what + " became raise_error in the query: the first row ends the update.");
            }
        }
    }

    private void rewritten(SourcePosition position, String what) {
        remarks.add(new Remark(position, Remark.Kind.REWRITTEN, what, NO_COUNTS));
    }

    private void lost(SourcePosition position, String what, String why) {
        remarks.add(new Remark(position, Remark.Kind.LOST, what, why));
    }

    private String created(String kind, TableStatement table, TableName name) {
        Dataset dataset = project.dataset(name);
        String columns = table.columns().isEmpty()
                ? ""
                : " (\n"
                        + dataset.schema().columns().stream()
                                .map(SparkStatements::column)
                                .collect(joining(",\n"))
                        + "\n)";
        String properties = table.properties().stream()
                .map(property -> SqlText.literal(property.key()) + " = " + SqlText.literal(property.value()))
                .collect(joining(", "));
        return "CREATE " + kind + " " + name + columns
                + (table.comment().isEmpty() ? "" : "\nCOMMENT " + SqlText.literal(table.comment()))
                + (table.partitionBy().isEmpty() ? "" : "\nPARTITIONED BY (" + names(table.partitionBy()) + ")")
                + (table.clusterBy().isEmpty() ? "" : "\nCLUSTER BY (" + names(table.clusterBy()) + ")")
                + (properties.isEmpty() ? "" : "\nTBLPROPERTIES (" + properties + ")");
    }

    private static String column(Column column) {
        return "  " + SqlText.name(column.name()) + " " + column.type()
                + (column.comment().isEmpty() ? "" : " COMMENT " + SqlText.literal(column.comment()));
    }

    private static String names(List<Named> names) {
        return names.stream().map(named -> SqlText.name(named.name())).collect(joining(", "));
    }

    /** Spark demands of a query exactly the types that are declared; Tarn widens to them. */
    private String cast(TableStatement table, String query) {
        if (table.columns().isEmpty()) {
            return query;
        }
        TableName name = ExportableProject.table(table.name(), table);
        return "SELECT\n"
                + project.dataset(name).schema().columns().stream()
                        .map(column -> "  CAST(" + SqlText.name(column.name()) + " AS " + column.type() + ") AS "
                                + SqlText.name(column.name()))
                        .collect(joining(",\n"))
                + "\nFROM (\n" + query + "\n) AS typed";
    }
}
