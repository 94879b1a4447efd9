package dev.tarn.engine.cdc;

import static java.util.stream.Collectors.joining;

import dev.tarn.model.Sql;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Columns that tell rows apart, as they occur in SQL. None of their values is NULL. */
record Keys(List<String> names) {

    Keys {
        names = List.copyOf(names);
    }

    /** These and one more. */
    Keys and(String name) {
        return new Keys(Stream.concat(names.stream(), Stream.of(name)).toList());
    }

    /** {@code "a", "b"} */
    String list() {
        return Sql.identifiers(names);
    }

    /** {@code alias."a", alias."b"} */
    String list(String alias) {
        return names.stream().map(name -> alias + "." + Sql.identifier(name)).collect(joining(", "));
    }

    /** Whether rows of two relations have the same keys. */
    String equal(String left, String right) {
        return names.stream()
                .map(name -> left + "." + Sql.identifier(name) + " = " + right + "." + Sql.identifier(name))
                .collect(joining(" AND "));
    }

    /** A query for the keys that occur more than once. */
    String repeated(String from) {
        return "SELECT " + list() + " FROM " + from + " GROUP BY " + list() + " HAVING count(*) > 1";
    }

    /** The names without those of the keys, in their order. */
    List<String> others(List<String> columns) {
        List<String> others = new ArrayList<>(columns);
        others.removeAll(names);
        return others;
    }
}
