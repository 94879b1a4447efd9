package dev.tarn.connect.extract;

import dev.tarn.connect.postgres.SourceColumn;
import dev.tarn.model.Sql;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The columns that tell a table's rows apart, and how many rows share a bucket. Both databases put a key into the same
 * bucket: whole numbers by 65,536 of them, everything else by the first digits of the MD5 of its text.
 */
record Keys(List<SourceColumn> columns) {

    private static final Set<String> NUMBERS = Set.of("int2", "int4", "int8");
    /** Types whose text is the same in PostgreSQL and DuckDB. */
    private static final Set<String> TEXTS = Set.of("varchar", "text", "uuid", "date");

    private static final int BUCKET = 65_536;
    private static final int DIGITS = 3;

    /** Hexadecimal digits of the hash: as many as are a positive number of 64 bits. */
    private static final int HASH_DIGITS = 15;

    private static final int BITS_OF_DIGIT = 4;

    Keys {
        columns = List.copyOf(columns);
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("a key needs a column");
        }
    }

    static boolean canBe(SourceColumn column) {
        return NUMBERS.contains(column.typeName()) || TEXTS.contains(column.typeName());
    }

    /** Whether a key is one whole number. */
    boolean isNumber() {
        return columns.size() == 1 && NUMBERS.contains(columns.get(0).typeName());
    }

    /** A select list, for either database. */
    @Override
    public String toString() {
        return columns.stream().map(column -> Sql.identifier(column.name())).collect(Collectors.joining(", "));
    }

    /** The condition that two rows have one key. */
    String same(String left, String right) {
        return columns.stream()
                .map(column -> left + "." + Sql.identifier(column.name()) + " = " + right + "."
                        + Sql.identifier(column.name()))
                .collect(Collectors.joining(" AND "));
    }

    private String text(String cast) {
        return "md5(concat_ws('|', "
                + columns.stream()
                        .map(column -> Sql.identifier(column.name()) + "::" + cast)
                        .collect(Collectors.joining(", "))
                + "))";
    }

    /** The bucket as a text, in PostgreSQL. */
    String bucketInPostgres() {
        return isNumber()
                ? "(" + this + "::bigint / " + BUCKET + ")::text"
                : "substr(" + text("text") + ", 1, " + DIGITS + ")";
    }

    /** The bucket as a text, in DuckDB. */
    String bucketInDuckDb() {
        return isNumber()
                ? "trunc(" + this + "::BIGINT / " + BUCKET + ")::BIGINT::VARCHAR"
                : "substr(" + text("VARCHAR") + ", 1, " + DIGITS + ")";
    }

    /** A number of the bucket, by which DuckDB can take keys in slices that fit into memory. */
    String slotInDuckDb() {
        return isNumber()
                ? "abs(trunc(" + this + "::BIGINT / " + BUCKET + ")::BIGINT)"
                : "('0x' || " + bucketInDuckDb() + ")::INTEGER";
    }

    /** What tells two sets of keys of one bucket apart beside their number, as a text. */
    String sumInPostgres() {
        return isNumber() ? "sum(" + this + "::numeric)::text" : digestInPostgres();
    }

    /** As {@link #sumInPostgres}. */
    String sumInDuckDb() {
        return isNumber() ? "sum(" + this + "::HUGEINT)::VARCHAR" : digestInDuckDb();
    }

    /** Sum of a hash of the keys, which sets of keys do not have in common by having one less and another more. */
    String digestInPostgres() {
        return "sum(('x' || substr(" + text("text") + ", 1, " + HASH_DIGITS + "))::bit(" + HASH_DIGITS * BITS_OF_DIGIT
                + ")::bigint)::text";
    }

    /** As {@link #digestInPostgres}. */
    String digestInDuckDb() {
        return "sum(('0x' || substr(" + text("VARCHAR") + ", 1, " + HASH_DIGITS + "))::BIGINT::HUGEINT)::VARCHAR";
    }
}
