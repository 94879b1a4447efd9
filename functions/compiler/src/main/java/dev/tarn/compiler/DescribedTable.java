package dev.tarn.compiler;

import static dev.tarn.model.ErrorCode.COLUMN_NOT_FOUND;
import static dev.tarn.model.ErrorCode.CONFIGURATION_INVALID;

import dev.tarn.compiler.project.Problems;
import dev.tarn.compiler.query.TypeRules;
import dev.tarn.compiler.statement.DeclaredColumn;
import dev.tarn.compiler.statement.Named;
import dev.tarn.compiler.statement.Property;
import dev.tarn.compiler.statement.TableStatement;
import dev.tarn.model.Column;
import dev.tarn.model.Dataset;
import dev.tarn.model.Nearest;
import dev.tarn.model.TableName;
import dev.tarn.model.TableSchema;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A table whose columns are known, with what else its statement says of it. */
final class DescribedTable {

    /** Of tables that are there for flows alone. */
    static final String PRIVATE = "tarn.private";

    private static final String APPEND_ONLY = "delta.appendOnly";
    private static final String STATISTICS = "delta.dataSkippingStatsColumns";
    private static final String TOMBSTONES = "pipelines.cdc.tombstoneGCThresholdInSeconds";

    /** As on Databricks: rows cannot lie together by many columns at once. */
    private static final int MOST_CLUSTERING = 4;

    private final TableName name;
    private final TableStatement statement;
    private final TableSchema schema;
    private final Problems problems = new Problems();

    DescribedTable(TableName name, TableStatement statement, TableSchema schema) {
        this.name = name;
        this.statement = statement;
        this.schema = schema;
    }

    /** {@code follows}: whether the table follows changes. Throws {@link dev.tarn.model.TarnException}. */
    Dataset dataset(boolean follows) {
        List<String> partitionBy = names(statement.partitionBy());
        List<String> clusterBy = names(statement.clusterBy());
        checkClustering(clusterBy);
        checkProperties(follows);
        Set<String> required = new HashSet<>();
        for (DeclaredColumn column : statement.columns()) {
            if (column.required()) {
                schema.column(column.name()).map(Column::name).ifPresent(required::add);
            }
        }
        problems.refuseIfAny();
        Map<String, String> properties = new LinkedHashMap<>();
        statement.properties().forEach(property -> properties.put(property.key(), property.value()));
        if (statement.isPrivate()) {
            properties.put(PRIVATE, "true");
        }
        return new Dataset(
                name,
                statement.kind(),
                schema,
                required,
                partitionBy,
                clusterBy,
                statement.comment(),
                properties,
                statement.position());
    }

    private List<String> names(List<Named> columns) {
        return columns.stream()
                .flatMap(column -> problems.attempt(() -> column(column)).stream())
                .toList();
    }

    private String column(Named column) {
        return schema.column(column.name())
                .orElseThrow(() -> Problems.refusal(
                        COLUMN_NOT_FOUND,
                        column.position(),
                        column.name() + " is not a column of " + name + ".",
                        Nearest.sentence(
                                column.name(),
                                schema.names(),
                                "Its columns: " + String.join(", ", schema.names()) + ".")))
                .name();
    }

    private void checkClustering(List<String> clusterBy) {
        List<Named> written = statement.clusterBy();
        if (!written.isEmpty() && !statement.partitionBy().isEmpty()) {
            problems.add(
                    CONFIGURATION_INVALID,
                    written.get(0).position(),
                    name + " has both CLUSTER BY and PARTITIONED BY.",
                    "Keep one of them.");
        }
        if (written.size() > MOST_CLUSTERING) {
            problems.add(
                    CONFIGURATION_INVALID,
                    written.get(MOST_CLUSTERING).position(),
                    "CLUSTER BY of " + written.size() + " columns: " + MOST_CLUSTERING + " are the most there can be.",
                    "Keep those by which the table is asked most.");
        }
        for (Named column : written) {
            Optional<Column> found = schema.column(column.name());
            if (found.isPresent() && !TypeRules.isOrdered(found.get().type())) {
                problems.add(
                        CONFIGURATION_INVALID,
                        column.position(),
                        name + " cannot be clustered by " + column.name() + ", which is a "
                                + found.get().type() + ".",
                        "Use columns that are numbers, texts, days, moments or booleans.");
            }
        }
        if (Set.copyOf(clusterBy).size() < clusterBy.size()) {
            problems.add(
                    CONFIGURATION_INVALID,
                    written.get(0).position(),
                    "CLUSTER BY names a column twice.",
                    "Name each column once.");
        }
    }

    private void checkProperties(boolean follows) {
        for (Property property : statement.properties()) {
            boolean rowsGo = follows || statement.isView();
            if (property.key().equals(APPEND_ONLY) && property.value().equals("true") && rowsGo) {
                problems.add(
                        CONFIGURATION_INVALID,
                        property.position(),
                        "Rows of " + name + (follows ? " follow changes" : " are replaced") + ", and " + APPEND_ONLY
                                + " forbids it.",
                        "Leave " + APPEND_ONLY + " out.");
            }
            if (property.key().equals(STATISTICS)) {
                for (String column : property.value().split(",")) {
                    problems.attempt(
                            () -> column(new Named(column.strip().replaceAll("^`|`$|\\..*", ""), property.position())));
                }
            }
            if (property.key().equals(TOMBSTONES) && !follows) {
                problems.add(
                        CONFIGURATION_INVALID,
                        property.position(),
                        TOMBSTONES + " is of no use to " + name + ", which follows no changes.",
                        "Leave it out, or fill the table with AUTO CDC.");
            }
        }
    }
}
