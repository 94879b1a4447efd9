package dev.tarn.engine.event;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.TableSchema;
import java.util.List;

/** The columns of Lakeflow's event log, in their order. */
final class EventColumns {

    private static final DataType STRING = DataType.Simple.STRING;
    private static final DataType BIGINT = DataType.Simple.BIGINT;

    private static final DataType SEQUENCE = struct(
            new Column("data_plane_id", struct(column("instance", STRING), column("seq_no", BIGINT))),
            column("control_plane_seq_no", BIGINT));

    private static final DataType ORIGIN = struct(
            column("cloud", STRING),
            column("region", STRING),
            column("org_id", BIGINT),
            column("user_id", BIGINT),
            column("pipeline_id", STRING),
            column("pipeline_type", STRING),
            column("pipeline_name", STRING),
            column("cluster_id", STRING),
            column("update_id", STRING),
            column("maintenance_id", STRING),
            column("table_id", STRING),
            column("table_name", STRING),
            column("flow_id", STRING),
            column("flow_name", STRING),
            column("batch_id", BIGINT),
            column("request_id", STRING),
            column("uc_resource_id", STRING),
            column("dataset_name", STRING),
            column("sink_name", STRING),
            column("catalog_name", STRING),
            column("schema_name", STRING),
            column("materialization_name", STRING),
            column("operation_id", STRING),
            column("source_name", STRING));

    private static final DataType ERROR = struct(
            column("fatal", DataType.Simple.BOOLEAN),
            column(
                    "exceptions",
                    new DataType.Array(struct(
                            column("class_name", STRING),
                            column("message", STRING),
                            column(
                                    "stack",
                                    new DataType.Array(struct(
                                            column("declaring_class", STRING),
                                            column("method_name", STRING),
                                            column("file_name", STRING),
                                            column("line_number", BIGINT))))))));

    static final TableSchema SCHEMA = new TableSchema(List.of(
            column("id", STRING),
            column("sequence", SEQUENCE),
            column("origin", ORIGIN),
            column("timestamp", DataType.Simple.TIMESTAMP),
            column("message", STRING),
            column("level", STRING),
            column("maturity_level", STRING),
            column("error", ERROR),
            column("details", STRING),
            column("event_type", STRING)));

    private EventColumns() {}

    private static Column column(String name, DataType type) {
        return new Column(name, type);
    }

    private static DataType struct(Column... fields) {
        return new DataType.Struct(List.of(fields));
    }
}
