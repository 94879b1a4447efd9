package dev.tarn.connect.postgres;

import dev.tarn.model.Relation;
import dev.tarn.model.Sql;

/** Names in PostgreSQL's SQL, which quotes them as DuckDB's does. */
public final class PostgresSql {

    private PostgresSql() {}

    /** The relation, quoted. */
    public static String of(Relation relation) {
        String name = Sql.identifier(relation.name());
        return relation.schema() == null ? name : Sql.identifier(relation.schema()) + "." + name;
    }
}
