package dev.tarn.engine.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.Column;
import dev.tarn.model.DataType;
import dev.tarn.model.DataType.Simple;
import dev.tarn.model.TableSchema;
import dev.tarn.model.TarnException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaEvolutionTest extends ChangesFixture {

    private static final String NESTED =
            """
            SELECT 1 AS id, {'a': 1} AS detail, [{'net': 1, 'tax': {'rate': 1}}] AS lines,
            MAP {'k': [{'x': 1}]} AS more""";
    private static final String WIDER =
            """
            SELECT 'first' AS note, 2 AS id, {'b': 'new', 'a': 2} AS detail,
            [{'tax': {'name': 'VAT', 'rate': 2}, 'net': 2, 'gross': 3}] AS lines,
            MAP {'k': [{'y': {'z': DATE '2026-01-01'}, 'x': 2}]} AS more""";
    private static final String WIDER_SHAPE = "id INT, detail STRUCT<a:INT,b:STRING>,"
            + " lines ARRAY<STRUCT<net:INT,tax:STRUCT<rate:INT,name:STRING>,gross:INT>>,"
            + " more MAP<STRING,ARRAY<STRUCT<x:INT,y:STRUCT<z:DATE>>>>, note STRING";
    private static final String OLD =
            "1, {'a': 1, 'b': NULL}, [{'net': 1, 'tax': {'rate': 1, 'name': NULL}, 'gross': NULL}],"
                    + " {k=[{'x': 1, 'y': NULL}]}, NULL";
    private static final String NEW =
            "2, {'a': 2, 'b': new}, [{'net': 2, 'tax': {'rate': 2, 'name': VAT}, 'gross': 3}],"
                    + " {k=[{'x': 2, 'y': {'z': 2026-01-01}}]}, first";

    private String shape() {
        return newest().schema().columns().stream()
                .map(column -> column.name() + " " + column.type())
                .reduce((left, right) -> left + ", " + right)
                .orElseThrow();
    }

    private List<String> rows() {
        return rows(newest().scan(session));
    }

    private void createNested() {
        createKeeping(NESTED);
        append(NESTED);
    }

    @Test
    void columnsAndFieldsAreAddedWithoutAFile() throws Exception {
        createNested();
        TableChange change = table.addColumns(newest(), session.describe(WIDER));
        assertThat(change.files()).isZero();
        assertThat(change.isNothing()).isFalse();

        assertThat(commit(change)).isEqualTo(new Commit.Committed(2));

        assertThat(shape()).isEqualTo(WIDER_SHAPE);
        assertThat(rows()).containsExactly(OLD);
        assertThat(logText(2)).doesNotContain("\"add\"").doesNotContain("\"protocol\"");
        assertThat(table.addColumns(newest(), newest().schema()).isNothing()).isTrue();
        assertThat(newest().kernel().getSchema().get("id").getMetadata())
                .isEqualTo(table.snapshotAt(1).kernel().getSchema().get("id").getMetadata());
    }

    @Test
    void commentsComeWithAColumnAndStayAsTheyAre() {
        table.create(TableDefinition.of(new TableSchema(List.of(new Column("id", Simple.INT, "the key")))));
        commit(table.addColumns(
                newest(),
                new TableSchema(List.of(
                        new Column("at", Simple.DATE, "when"), new Column("id", Simple.INT, "another comment")))));

        assertThat(newest().schema().columns())
                .containsExactly(new Column("id", Simple.INT, "the key"), new Column("at", Simple.DATE, "when"));
    }

    @Test
    void appendedRowsBringTheirColumns() {
        createNested();
        commit(table.append(session, newest(), WIDER, NewColumns.ADD));

        assertThat(shape()).isEqualTo(WIDER_SHAPE);
        assertThat(rows()).containsExactly(OLD, NEW);
        assertThat(rows(added(newest(), 0))).containsExactly(OLD, NEW);
        assertChangesExplainEveryVersion();
    }

    @Test
    void columnsInAnotherOrderAreNoNewOnes() throws Exception {
        createNested();
        commit(table.append(session, newest(), WIDER, NewColumns.ADD));
        commit(table.append(session, newest(), WIDER, NewColumns.ADD));

        assertThat(logText(3)).doesNotContain("metaData");
        assertThat(rows()).containsExactly(OLD, NEW, NEW);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void replacedRowsBringTheirColumns(boolean vectors) {
        if (vectors) {
            preferVectors();
        }
        createNested();
        commit(table.replace(session, newest(), "SELECT *, NULL::INT AS extra FROM (" + NESTED + ")", NewColumns.ADD));
        assertThat(changed(2, 2)).as("an added column is no change of a row").isEmpty();
        commit(table.replace(
                session,
                newest(),
                "SELECT *, 7 AS amount FROM (" + NESTED + ") s, (SELECT NULL::INT AS extra)",
                NewColumns.ADD));

        assertThat(newest().schema().names()).containsExactly("id", "detail", "lines", "more", "extra", "amount");
        assertThat(changed(3, 3)).hasSize(2);
        assertChangesExplainEveryVersion();
    }

    @Test
    void rowsThatReplaceAPartBringTheirColumns() {
        createNested();
        commit(table.append(session, newest(), NESTED.replace("1 AS id", "5 AS id"), NewColumns.ADD));
        commit(table.replaceWhere(
                session, newest(), new RowFilter("id = 2 OR id = 5", Map.of()), WIDER, NewColumns.ADD));

        assertThat(rows()).containsExactly(OLD, NEW);
        assertChangesExplainEveryVersion();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void mergedRowsBringTheirColumns(boolean vectors) {
        if (vectors) {
            preferVectors();
        }
        createNested();
        append(NESTED.replace("1 AS id", "2 AS id"));
        merge(Merge.upsert(List.of("id"), WIDER + " UNION ALL BY NAME " + WIDER.replace("2 AS id", "3 AS id"))
                .addingColumns());

        assertThat(shape()).isEqualTo(WIDER_SHAPE);
        assertThat(rows()).containsExactly(OLD, NEW, NEW.replace("2, {'a'", "3, {'a'"));
        assertThat(changed(3, 3)).hasSize(3);
        assertChangesExplainEveryVersion();
    }

    @Test
    void aMergeNeedNotBringEveryColumn() {
        createNested();
        merge(Merge.upsert(List.of("id"), "SELECT 1 AS id, {'a': 7, 'c': 8} AS detail")
                .addingColumns());

        assertThat(rows()).containsExactly("1, {'a': 7, 'c': 8}, [{'net': 1, 'tax': {'rate': 1}}], {k=[{'x': 1}]}");
    }

    @Test
    void aTypeThatNeedsAFeatureBringsIt() throws Exception {
        createNested();
        assertThat(newest().kernel().getProtocol().getReaderFeatures()).doesNotContain("timestampNtz");
        commit(table.append(
                session,
                newest(),
                "SELECT *, [{'at': TIMESTAMP '2026-01-01 10:00:00'}] AS seen FROM (" + NESTED + ")",
                NewColumns.ADD));

        assertThat(newest().kernel().getProtocol().getReaderFeatures()).contains("timestampNtz", "deletionVectors");
        assertThat(newest().kernel().getProtocol().getWriterFeatures())
                .contains("timestampNtz", "deletionVectors", "changeDataFeed", "domainMetadata");
        assertThat(logText(2)).contains("{\"protocol\"");
        append("SELECT *, [{'at': TIMESTAMP '2026-01-01 10:00:00'}] AS seen FROM (" + NESTED + ")");
        assertThat(rows()).hasSize(3);
    }

    @Test
    void aWriterThatKnewFewerColumnsIsOvertaken() {
        createNested();
        TableSnapshot base = newest();
        TableChange rows = table.append(session, base, NESTED);
        commit(table.addColumns(base, session.describe(WIDER)));

        assertThat(table.commit(rows, request("other", 0))).isEqualTo(new Commit.Overtaken(2));
    }

    private void assertRefused(String sql, String what, String mend) {
        TableSnapshot base = newest();
        assertThatThrownBy(() -> table.append(session, base, sql, NewColumns.ADD))
                .isInstanceOf(TarnException.class)
                .hasMessage("SCHEMA_CHANGED  silver.invoice " + what + "\n    " + mend);
        assertThatThrownBy(() -> table.replace(session, base, sql, NewColumns.ADD))
                .isInstanceOf(TarnException.class)
                .hasMessage("SCHEMA_CHANGED  silver.invoice " + what + "\n    " + mend);
        assertThatThrownBy(() -> table.addColumns(base, session.describe(sql)))
                .isInstanceOf(TarnException.class)
                .hasMessage("SCHEMA_CHANGED  silver.invoice " + what + "\n    " + mend);
    }

    private void assertDiffers(String sql, String column, String has, String should) {
        assertRefused(
                sql,
                "has the column " + column + " as " + has + ", and should " + should
                        + ": columns and fields can be added, and nothing else.",
                "Name and cast it in the query as the table has it, or refresh the table fully.");
    }

    @Test
    void whateverIsNoAdditionIsRefused() {
        createKeeping(NESTED);
        String rest = ", {'a': 1} AS detail, [{'net': 1, 'tax': {'rate': 1}}] AS lines, MAP {'k': [{'x': 1}]} AS more";
        assertDiffers("SELECT 1::BIGINT AS id" + rest, "id", "INT", "have it as BIGINT");
        assertDiffers("SELECT 1 AS other" + rest, "id", "INT", "lose it");
        assertDiffers("SELECT 1 AS \"Id\"" + rest, "id", "INT", "have Id as INT");
        assertDiffers("SELECT {'id': 1} AS id" + rest, "id", "INT", "have it as STRUCT<id:INT>");
        assertDiffers(
                "SELECT 1 AS id" + rest.replace("{'a': 1}", "[{'a': 1}]"),
                "detail",
                "STRUCT<a:INT>",
                "have it as ARRAY<STRUCT<a:INT>>");
        assertDiffers(
                "SELECT 1 AS id" + rest.replace("{'a': 1}", "{'A': 1, 'b': 2}"),
                "detail.a",
                "INT",
                "have detail.A as INT");
        assertDiffers(
                "SELECT 1 AS id" + rest.replace("{'rate': 1}", "{'name': 'VAT'}"),
                "lines.element.tax.rate",
                "INT",
                "lose it");
        assertDiffers(
                "SELECT 1 AS id" + rest.replace("{'x': 1}", "{'x': 'one', 'y': 2}"),
                "more.value.element.x",
                "INT",
                "have it as STRING");
        assertDiffers(
                "SELECT 1 AS id" + rest.replace("MAP {'k': [", "MAP {5: ["),
                "more",
                "MAP<STRING,ARRAY<STRUCT<x:INT>>>",
                "have it as MAP<INT,ARRAY<STRUCT<x:INT>>>");
    }

    @Test
    void namesThatSparkCannotReadAreRefused() {
        createKeeping(NESTED);
        String mend = "Name it without spaces, line ends and the characters , ; { } ( ) =.";
        assertRefused(
                "SELECT *, 1 AS \"net amount\" FROM (" + NESTED + ")",
                "cannot get the column 'net amount' as INT.",
                mend);
        assertRefused(
                "SELECT *, [{'net amount': 1}] AS totals FROM (" + NESTED + ")",
                "cannot get the column 'totals' as ARRAY<STRUCT<net amount:INT>>.",
                mend);
        assertRefused(
                NESTED.replace("{'a': 1}", "{'a': 1, 'b=c': 1}"), "cannot get the column 'detail.b=c' as INT.", mend);
    }

    @Test
    void fieldsThatDifferInCaseOnlyAreRefused() {
        createKeeping("SELECT 1 AS id");
        DataType twins = new DataType.Struct(List.of(new Column("a", Simple.INT), new Column("A", Simple.STRING)));
        TableSchema wanted = new TableSchema(List.of(new Column("id", Simple.INT), new Column("detail", twins)));

        assertThatThrownBy(() -> table.addColumns(newest(), wanted))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "SCHEMA_CHANGED  silver.invoice cannot get the columns detail.a and detail.A, which differ in case"
                                + " only.\n    Give them different names.");
    }

    @Test
    void withoutTheOptionNewColumnsAreRefused() {
        createKeeping("SELECT 1 AS id");

        assertThatThrownBy(() -> append("SELECT 1 AS id, 2 AS amount"))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "SCHEMA_CHANGED  The query yields the column amount INT, and silver.invoice has none of that name.\n"
                                + "    Leave it out of the query, or refresh the table fully to give it the query's columns.");
        assertThatThrownBy(() -> merge(Merge.upsert(List.of("id"), "SELECT 1 AS id, 2 AS amount")))
                .isInstanceOf(TarnException.class)
                .hasMessage("SCHEMA_CHANGED  silver.invoice has no column amount; the rows to merge have it as INT.\n"
                        + "    Cast the column in the query, leave it out, or let the merge add columns.");
    }

    @Test
    void aMergeDoesNotTakeAColumnForAnotherOne() {
        createKeeping("SELECT 1 AS id, 2 AS amount");

        assertThatThrownBy(() -> merge(Merge.upsert(List.of("id"), "SELECT 1 AS id, 2 AS \"Amount\"")))
                .isInstanceOf(TarnException.class)
                .hasMessage("SCHEMA_CHANGED  silver.invoice has amount as INT; the rows to merge have Amount as INT.\n"
                        + "    Cast the column in the query, leave it out, or let the merge add columns.");
        assertThatThrownBy(() -> merge(Merge.upsert(List.of("id"), "SELECT 1 AS id, 'x' AS amount")
                        .addingColumns()))
                .isInstanceOf(TarnException.class)
                .hasMessage("SCHEMA_CHANGED  silver.invoice has the column amount as INT, and should have it as STRING:"
                        + " columns and fields can be added, and nothing else.\n    Name and cast it in the query as the"
                        + " table has it, or refresh the table fully.");
    }

    @Test
    void aTableWithMappedColumnsOrAnUnknownFeatureGetsNoColumn() {
        createWith("SELECT 1 AS id", Map.of("delta.columnMapping.mode", "name"));

        assertThatThrownBy(() -> table.addColumns(newest(), session.describe("SELECT 1 AS id, 2 AS n")))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "TABLE_FEATURE_UNSUPPORTED  silver.invoice uses Delta's feature columnMapping.\n"
                                + "    Let Tarn create its tables itself, and leave their features and properties as they are.");
    }
}
