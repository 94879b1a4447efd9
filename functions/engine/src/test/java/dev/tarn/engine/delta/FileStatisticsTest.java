package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.model.Sql;
import dev.tarn.model.TableName;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A reader passes over files by their statistics: no value of a file may lie outside of them, for any reader's order. */
class FileStatisticsTest extends DeltaFixture {

    /** With which a zero keeps its sign. */
    private static final ObjectMapper FRACTIONS = new ObjectMapper();

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final String LAST = Character.toString(0x10FFFF);

    /**
     * @param pick a value of the column as SQL
     * @param text of the value, from an expression of it
     * @param key from the value's text or from the text in the statistics
     * @param order of the keys
     */
    private record Kind<K>(
            String type,
            Function<Random, String> pick,
            String text,
            Function<String, K> key,
            Function<JsonNode, K> bound,
            Comparator<K> order) {

        boolean isWithin(String value, JsonNode least, JsonNode greatest) {
            K found = key.apply(value);
            return (least.isMissingNode() || order.compare(bound.apply(least), found) <= 0)
                    && (greatest.isMissingNode() || order.compare(found, bound.apply(greatest)) <= 0);
        }
    }

    private static String among(Random random, String... values) {
        return values[random.nextInt(values.length)];
    }

    private static Kind<BigDecimal> number(String type, Function<Random, String> pick) {
        return new Kind<>(
                type,
                random -> "'" + pick.apply(random) + "'::" + type,
                "%s::VARCHAR",
                BigDecimal::new,
                JsonNode::decimalValue,
                Comparator.naturalOrder());
    }

    private static Kind<BigDecimal> decimal(int precision, int scale) {
        return number("DECIMAL(" + precision + "," + scale + ")", random -> {
            BigInteger limit = BigInteger.TEN.pow(random.nextInt(precision) + 1).subtract(BigInteger.ONE);
            BigInteger digits = random.nextInt(4) == 0 ? limit : new BigInteger(limit.bitLength() - 1, random);
            return new BigDecimal(random.nextBoolean() ? digits : digits.negate(), scale).toPlainString();
        });
    }

    private static Kind<Double> fraction(String type) {
        return new Kind<Double>(
                type,
                random -> "'"
                        + (random.nextInt(3) > 0
                                ? among(random, "0.0", "-0.0", "1.5", "-1.5", "0.1", "1e-30", "-1e30")
                                : random.nextInt(20) == 0
                                        ? among(random, "nan", "inf", "-inf")
                                        : Double.toString(random.nextGaussian() * 1e6))
                        + "'::" + type,
                "CASE WHEN isnan(%1$s) THEN 'NaN' WHEN isinf(%1$s) THEN CASE WHEN %1$s > 0 THEN 'Infinity' ELSE"
                        + " '-Infinity' END WHEN %1$s = 0 AND signbit(%1$s) THEN '-0.0' ELSE %1$s::VARCHAR END",
                type.equals("FLOAT") ? text -> (double) Float.parseFloat(text) : Double::valueOf,
                node -> type.equals("FLOAT")
                        ? (double) Float.parseFloat(node.asText())
                        : Double.parseDouble(node.asText()),
                Double::compare);
    }

    /** Of few characters, so that beginnings are alike, and mostly about as long as what is kept. */
    private static String text(Random random) {
        String[] characters = {"a", "b", "A", " ", "'", "\u00e4", "\u65e5", "\ud83d\ude00", "\uffff", "\ue000", LAST};
        int length = random.nextInt(3) == 0 ? 250 + random.nextInt(20) : random.nextInt(40);
        int kinds = 1 + random.nextInt(characters.length);
        int from = random.nextInt(characters.length);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(characters[(from + random.nextInt(kinds)) % characters.length]);
        }
        return Sql.literal(text.toString());
    }

    private static long micros(Instant moment) {
        return moment.getEpochSecond() * 1_000_000 + moment.getNano() / 1_000;
    }

    private static Kind<Long> moment(String type) {
        return new Kind<Long>(
                type,
                random -> {
                    long micros = random.nextInt(3) == 0
                            ? random.nextInt(4_000) - 2_000
                            : (long) (random.nextGaussian() * 6e16);
                    String moment = random.nextInt(40) == 0
                            ? among(
                                    random,
                                    "0001-01-01",
                                    "9999-12-31 23:59:59.999999",
                                    "12345-01-01",
                                    "0044-03-15 (BC)")
                            : Instant.EPOCH
                                    .plus(micros, ChronoUnit.MICROS)
                                    .toString()
                                    .replace("Z", "")
                                    .replace("T", " ");
                    return "TIMESTAMP '" + (moment.startsWith("-") || moment.startsWith("+") ? "1970-01-01" : moment)
                            + "'" + (type.equals("TIMESTAMP") ? "" : " AT TIME ZONE 'UTC'");
                },
                "epoch_us(%s)::VARCHAR",
                Long::valueOf,
                node -> micros(Instant.parse(node.asText().replaceAll("Z$", "") + "Z")),
                Comparator.naturalOrder());
    }

    private static final Map<String, Kind<?>> KINDS = Map.ofEntries(
            Map.entry("tiny", number("TINYINT", random -> among(random, "-128", "127", "0", "5"))),
            Map.entry("small", number("SMALLINT", random -> String.valueOf(random.nextInt(65536) - 32768))),
            Map.entry("int", number("INTEGER", random -> String.valueOf(random.nextInt()))),
            Map.entry("big", number("BIGINT", random -> String.valueOf(random.nextLong()))),
            Map.entry("float", fraction("FLOAT")),
            Map.entry("double", fraction("DOUBLE")),
            Map.entry("money", decimal(7, 2)),
            Map.entry("rate", decimal(18, 18)),
            Map.entry("huge", decimal(38, 0)),
            Map.entry("fine", decimal(38, 20)),
            Map.entry(
                    "text",
                    new Kind<byte[]>(
                            "VARCHAR",
                            FileStatisticsTest::text,
                            "%s",
                            text -> text.getBytes(StandardCharsets.UTF_8),
                            node -> node.asText().getBytes(StandardCharsets.UTF_8),
                            Arrays::compareUnsigned)),
            Map.entry(
                    "day",
                    new Kind<Long>(
                            "DATE",
                            random -> random.nextInt(30) == 0
                                    ? among(random, "DATE '0001-01-01'", "DATE '12345-01-01'", "DATE '0044-03-15 (BC)'")
                                    : "DATE '1970-01-01' + " + (int) (random.nextGaussian() * 90_000),
                            "(%s - DATE '1970-01-01')::VARCHAR",
                            Long::valueOf,
                            node -> LocalDate.parse(node.asText()).toEpochDay(),
                            Comparator.naturalOrder())),
            Map.entry("moment", moment("TIMESTAMP WITH TIME ZONE")),
            Map.entry("local", moment("TIMESTAMP")),
            Map.entry("flag", unbounded("BOOLEAN", random -> among(random, "true", "false"))),
            Map.entry("bytes", unbounded("BLOB", random -> among(random, "''::BLOB", "'a'::BLOB", "'\\xFF'::BLOB"))));

    private static Kind<String> unbounded(String type, Function<Random, String> pick) {
        return new Kind<>(type, pick, "%s::VARCHAR", text -> text, JsonNode::asText, (a, b) -> 1);
    }

    private static final List<String> NAMES = KINDS.keySet().stream().sorted().toList();

    /** Every column once more in a struct that may be NULL. */
    private static String rows(Random random, int count) {
        Map<String, Integer> nulls = NAMES.stream().collect(Collectors.toMap(name -> name, name -> among100(random)));
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < count; row++) {
            String values = NAMES.stream()
                    .map(name -> value(random, name, nulls.get(name)) + " AS \"" + name + "\"")
                    .collect(Collectors.joining(", "));
            String fields = NAMES.stream()
                    .map(name -> "'" + name + "': " + value(random, name, nulls.get(name)))
                    .collect(Collectors.joining(", ", "{", "}"));
            String deep = random.nextInt(5) == 0 ? "NULL" : fields;
            rows.add("SELECT " + values + ", {'in': " + deep + "} AS deep");
        }
        return String.join(" UNION ALL ", rows);
    }

    private static int among100(Random random) {
        return random.nextInt(4) == 0 ? 100 : random.nextInt(2) * 30;
    }

    private static String value(Random random, String name, int nulls) {
        Kind<?> kind = KINDS.get(name);
        return random.nextInt(100) < nulls ? "NULL::" + kind.type : kind.pick.apply(random);
    }

    @Test
    void everyValueLiesWithinTheStatisticsOfItsFile() throws Exception {
        assertEveryValueLiesWithin(20);
    }

    @Test
    @Tag("full")
    void everyValueOfManyFilesLiesWithinTheirStatistics() throws Exception {
        assertEveryValueLiesWithin(300);
    }

    private void assertEveryValueLiesWithin(int files) throws Exception {
        long seed = System.nanoTime();
        System.out.println("statistics of files: seed " + seed);
        Random random = new Random(seed);
        session.execute("CREATE TEMP TABLE source AS " + rows(new Random(1), 1) + " LIMIT 0");
        table.create(new TableDefinition(
                session.describe("SELECT * FROM source"),
                List.of(),
                "",
                Map.of("delta.dataSkippingNumIndexedCols", "-1")));
        Map<String, Integer> bounds = new HashMap<>();
        for (int file = 1; file <= files; file++) {
            session.timezone(ZoneId.of(among(random, "UTC", "Asia/Manila", "America/St_Johns", "Asia/Kolkata")));
            session.execute("DELETE FROM source");
            session.execute("INSERT INTO source " + rows(random, 1 + random.nextInt(6)));

            append("SELECT * FROM source");

            session.timezone(ZoneId.of("UTC"));
            String text = statistics(file);
            assertThat(JSON.readTree(text).get("numRecords").asLong()).isEqualTo(count("*"));
            for (String name : NAMES) {
                boolean isFraction = name.equals("float") || name.equals("double");
                JsonNode statistics = (isFraction ? FRACTIONS : JSON).readTree(text);
                assertWithin(statistics, KINDS.get(name), List.of(name), "seed " + seed + ", file " + file, bounds);
                assertWithin(
                        statistics,
                        KINDS.get(name),
                        List.of("deep", "in", name),
                        "seed " + seed + ", file " + file,
                        bounds);
            }
        }
        NAMES.stream()
                .filter(name -> !name.equals("flag") && !name.equals("bytes"))
                .forEach(name ->
                        assertThat(bounds.getOrDefault(name, 0)).as(name).isGreaterThan(files / 2));
        assertThat(bounds).doesNotContainKeys("flag", "bytes");
    }

    private void assertWithin(
            JsonNode statistics, Kind<?> kind, List<String> path, String as, Map<String, Integer> bounds) {
        String column = path.stream().map(Sql::identifier).collect(Collectors.joining(".", "source.", ""));
        String pointer = "/" + String.join("/", path);
        assertThat(statistics.at("/nullCount" + pointer).asLong(-1))
                .as(as + " " + path)
                .isEqualTo(count("*") - count(column));
        JsonNode least = statistics.at("/minValues" + pointer);
        JsonNode greatest = statistics.at("/maxValues" + pointer);
        int known = (least.isMissingNode() ? 0 : 1) + (greatest.isMissingNode() ? 0 : 1);
        if (known > 0) {
            bounds.merge(path.get(path.size() - 1), known, Integer::sum);
        }
        List<String> values = session.query(
                "SELECT " + String.format(kind.text, column) + " FROM source WHERE " + column + " IS NOT NULL",
                row -> row.getString(1));
        assertThat(values)
                .as(as + " " + path + " " + least + " " + greatest)
                .allMatch(value -> kind.isWithin(value, least, greatest));
    }

    private long count(String what) {
        return session.query("SELECT count(" + what + ") FROM source", row -> row.getLong(1))
                .get(0);
    }

    @Test
    void boundsOfTextsAreShortenedUpwards() {
        create("SELECT 'x' AS v");
        append("SELECT unnest(['" + "a".repeat(40) + "', '" + "\ud83d\ude00".repeat(33) + "']) AS v");
        append("SELECT '" + "a".repeat(32) + "' AS v");
        append("SELECT '" + "a".repeat(31) + LAST.repeat(3) + "b' AS v");
        append("SELECT '" + "a".repeat(31) + LAST.repeat(2) + "' AS v");
        append("SELECT '" + "a".repeat(9_000) + "' AS v");
        append("SELECT unnest(['', NULL]) AS v");

        assertThat(statistics(1)).contains(bounds("a".repeat(32), "\ud83d\ude00".repeat(32) + LAST));
        assertThat(statistics(2)).contains(bounds("a".repeat(32), "a".repeat(32)));
        assertThat(statistics(3)).contains(bounds("a".repeat(31) + LAST, "a".repeat(31) + LAST.repeat(4)));
        assertThat(statistics(4)).contains(bounds("a".repeat(31) + LAST, "a".repeat(31) + LAST.repeat(2)));
        assertThat(statistics(5)).contains(bounds("a".repeat(32), "a".repeat(32) + LAST));
        assertThat(statistics(6)).contains(bounds("", ""));
    }

    private static String bounds(String least, String greatest) {
        return "\"minValues\":{\"v\":\"" + least + "\"},\"maxValues\":{\"v\":\"" + greatest + "\"}";
    }

    @Test
    void momentsAreRoundedAwayFromTheirFile() {
        create("SELECT now() AS v, now()::TIMESTAMP AS w");
        append("SELECT TIMESTAMPTZ '1969-12-31 23:59:59.999999+00' AS v, TIMESTAMP '2026-01-01 00:00:00.0001' AS w");
        append("SELECT TIMESTAMPTZ '9999-12-31 23:59:59.999999+00' AS v, TIMESTAMP '2026-01-01 00:00:00.001' AS w");

        assertThat(statistics(1))
                .contains("\"minValues\":{\"v\":\"1969-12-31T23:59:59.999Z\",\"w\":\"2026-01-01T00:00:00\"},"
                        + "\"maxValues\":{\"v\":\"1970-01-01T00:00:00.000Z\",\"w\":\"2026-01-01T00:00:00.001\"}");
        assertThat(statistics(2))
                .contains("\"minValues\":{\"v\":\"9999-12-31T23:59:59.999Z\",\"w\":\"2026-01-01T00:00:00.001\"},"
                        + "\"maxValues\":{\"w\":\"2026-01-01T00:00:00.001\"}");
    }

    @Test
    void aBoundThatCannotBeToldIsLeftOut() {
        create("SELECT 1.5::DOUBLE AS nan, 1.5::DOUBLE AS inf, 1.5::DOUBLE AS fine");
        append(
                "SELECT * FROM (VALUES (1.5::DOUBLE, 1.5::DOUBLE, 1.5::DOUBLE), ('nan'::DOUBLE, 'inf'::DOUBLE, 2.5::DOUBLE)) v(nan, inf, fine)");

        assertThat(statistics(1))
                .isEqualTo("{\"numRecords\":2,\"minValues\":{\"inf\":1.5,\"fine\":1.5},\"maxValues\":{\"fine\":2.5},"
                        + "\"nullCount\":{\"nan\":0,\"inf\":0,\"fine\":0},\"tightBounds\":true}");
    }

    @Test
    void theNegativeZeroIsABoundOnlyOfAFileThatHasIt() {
        create("SELECT 1.5::DOUBLE AS v, {'f': 1::FLOAT} AS s");
        append("SELECT unnest([0, 1.5])::DOUBLE AS v, {'f': 0::FLOAT} AS s");
        append("SELECT unnest([0, 1.5, '-0.0'::DOUBLE])::DOUBLE AS v, {'f': '-0.0'::FLOAT} AS s");

        assertThat(statistics(1)).contains("\"minValues\":{\"v\":0.0,\"s\":{\"f\":0.0}},\"maxValues\":{\"v\":1.5");
        assertThat(statistics(2)).contains("\"minValues\":{\"v\":-0.0,\"s\":{\"f\":-0.0}},\"maxValues\":{\"v\":1.5");
    }

    @Test
    void onlyTheColumnsThatTheTableWantsHaveStatistics() {
        assertThat(indexed(Map.of("delta.dataSkippingNumIndexedCols", "3")))
                .isEqualTo("\"nullCount\":{\"a\":0,\"s\":{\"x\":0,\"y.z\":0}}");
        assertThat(indexed(Map.of("delta.dataSkippingNumIndexedCols", "0"))).isEqualTo("\"nullCount\":{\"s\":{}}");
        assertThat(indexed(Map.of("delta.dataSkippingNumIndexedCols", "-1")))
                .isEqualTo("\"nullCount\":{\"a\":0,\"s\":{\"x\":0,\"y.z\":0},\"b\":0}");
        assertThat(indexed(Map.of(
                        "delta.dataSkippingStatsColumns", "B, s.`y.z`", "delta.dataSkippingNumIndexedCols", "0")))
                .isEqualTo("\"nullCount\":{\"s\":{\"y.z\":0},\"b\":0}");
        assertThat(indexed(Map.of("delta.dataSkippingStatsColumns", "s")))
                .isEqualTo("\"nullCount\":{\"s\":{\"x\":0,\"y.z\":0}}");
    }

    private String indexed(Map<String, String> properties) {
        String rows = "SELECT 1 AS p, 1 AS a, {'x': 1, 'y.z': 2} AS s, [1] AS l, 1 AS b";
        DeltaTable own = tables.table(TableName.parse("silver.indexed" + Integer.toHexString(properties.hashCode())));
        own.create(new TableDefinition(session.describe(rows), List.of("p"), "", properties));
        TableSnapshot base = own.snapshot().orElseThrow();
        String statistics = new DataFileWriter(
                        tables, session, base, base.kernel().getSchema())
                .write(rows)
                .get(0)
                .statistics()
                .serializeAsJson(base.kernel().getSchema());
        return statistics.replaceAll(".*(\"nullCount\":.*),\"tightBounds.*", "$1");
    }
}
