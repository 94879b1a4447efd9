package dev.tarn.connect.odoo.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.budget.Budget;
import dev.tarn.engine.duckdb.DuckDb;
import dev.tarn.engine.duckdb.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiFeedTest {

    private static final Budget BUDGET = new Budget(256L << 20, 256L << 20, 256L << 20, 256L << 20, 256L << 20, 2);

    @TempDir
    Path folder;

    private static JsonNode json(String text) throws IOException {
        return OdooApi.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    private static List<ApiColumn> columns(String fields, String... exclude) throws IOException {
        List<ApiField> all = new ArrayList<>();
        json(fields).properties().forEach(field -> all.add(ApiField.parse(field.getKey(), field.getValue())));
        return ApiColumn.of(all, OnTinyOdoo.table("account_move", exclude));
    }

    private static List<String> names(List<ApiColumn> columns) {
        return columns.stream()
                .map(column -> column.column().name() + " " + column.column().type())
                .toList();
    }

    private List<String> read(List<ApiColumn> columns, String sql, String... pages) throws IOException {
        List<List<ObjectNode>> all = new ArrayList<>();
        for (String page : pages) {
            List<ObjectNode> records = new ArrayList<>();
            json(page).forEach(record -> records.add((ObjectNode) record));
            all.add(records);
        }
        Iterator<List<ObjectNode>> next = all.iterator();
        try (DuckDb duckDb = DuckDb.open(BUDGET, folder.resolve("workspace"));
                Session session = duckDb.session()) {
            session.feed(
                    "rows",
                    new ApiFeed(
                            columns,
                            new ApiValues(columns, "es_ES", 3),
                            () -> next.hasNext() ? next.next() : List.of(),
                            Integer.MAX_VALUE));
            return session.query("SELECT COLUMNS(*)::VARCHAR FROM (" + sql + ")", ApiFeedTest::text);
        }
    }

    private static String text(ResultSet row) throws SQLException {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            values.add(row.getString(i));
        }
        return String.join("|", values);
    }

    @Test
    void fieldsBecomeTheColumnsOfTheDatabaseAndLabels() throws IOException {
        String fields =
                json(Recorded.text("rpc-fields-get.json")).path("result").toString();

        assertThat(names(columns(fields)))
                .containsExactly(
                        "amount_total DECIMAL(38,18)",
                        "invoice_line_ids STRING",
                        "name STRING",
                        "partner_id INT",
                        "partner_id_label STRING",
                        "payment_state STRING",
                        "state STRING",
                        "write_date TIMESTAMP");
    }

    @Test
    void everyTypeOfFieldHasItsColumn() throws IOException {
        assertThat(names(columns(
                        """
                        {"id": {"type": "integer"}, "a": {"type": "float"}, "b": {"type": "float", "digits": [16, 2]},
                         "c": {"type": "float", "digits": false}, "d": {"type": "boolean"}, "e": {"type": "date"},
                         "f": {"type": "char", "translate": true}, "g": {"type": "html", "translate": "html_translate"},
                         "h": {"type": "many2one_reference"}, "i": {"type": "reference"}, "j": {"type": "json"},
                         "k": {"type": "properties"}, "l": {"type": "monetary"}, "m": {"type": "binary"},
                         "n": {"type": "char", "store": false}, "o": {"type": "float", "company_dependent": true},
                         "p": {"type": "many2one"}, "p_label": {"type": "integer"}, "q": {"type": "text"},
                         "r": {"type": "many2one"}, "s": {"type": "new_in_odoo_23"}, "t": {"type": "char"}}""",
                        "t",
                        "r_label")))
                .containsExactly(
                        "id INT",
                        "a DOUBLE",
                        "b DECIMAL(38,18)",
                        "c DECIMAL(38,18)",
                        "d BOOLEAN",
                        "e DATE",
                        "f STRING",
                        "f_text STRING",
                        "g STRING",
                        "g_text STRING",
                        "h INT",
                        "i STRING",
                        "j STRING",
                        "k STRING",
                        "l DECIMAL(38,18)",
                        "o STRING",
                        "p INT",
                        "p_label INT",
                        "q STRING",
                        "r INT",
                        "s STRING");
    }

    @Test
    void recordsOfBothProtocolsAreRowsWithNothingWhereOdooSaysFalse() throws IOException {
        List<ApiColumn> columns = columns(
                """
                {"id": {"type": "integer"}, "name": {"type": "char"}, "partner_id": {"type": "many2one"},
                 "amount_total": {"type": "monetary"}, "invoice_date": {"type": "date"}, "narration": {"type": "html"},
                 "invoice_line_ids": {"type": "one2many"}, "write_date": {"type": "datetime"}}""");
        String sql = "SELECT id, name, partner_id, partner_id_label, amount_total, invoice_date, narration,"
                + " invoice_line_ids, write_date, _rescued_data, _place FROM \"rows\"()";
        String[] rows = {
            "417|null|184|Ñandú S.A. 141|108.680000000000000000|2026-08-09|null|[1910]|2026-11-22 10:41:20+00|null|0",
            "418|null|76|O'Reilly & \"Sons\", Ltd 33|2650.720000000000000000|2026-07-05|null|[1911, 1912, 1913]"
                    + "|2026-11-22 10:41:20+00|null|1"
        };
        assertThat(read(columns, sql, Recorded.text("json2-search-read.json"))).containsExactly(rows);
        assertThat(read(
                        columns,
                        sql,
                        json(Recorded.text("rpc-search-read.json"))
                                .path("result")
                                .toString()))
                .containsExactly(rows);
    }

    @Test
    void aFalseThatIsOneStays() throws IOException {
        List<ApiColumn> columns = columns(
                """
                {"id": {"type": "integer"}, "active": {"type": "boolean"}, "email": {"type": "char"},
                 "comment": {"type": "html"}, "parent_id": {"type": "many2one"}, "category_id": {"type": "many2many"},
                 "create_date": {"type": "datetime"}, "name": {"type": "char"}}""");

        assertThat(read(
                        columns,
                        "SELECT id, active, email, comment, parent_id, parent_id_label, category_id, create_date, name"
                                + " FROM \"rows\"()",
                        json(Recorded.text("rpc-partner.json")).path("result").toString()))
                .containsExactly(
                        "46|false|p3@example.com|null|null|null|[]|2026-11-22 10:40:52+00|O'Reilly & \"Sons\", Ltd 3");
    }

    @Test
    void numbersStayExactAndWhatDoesNotFitIsKept() throws IOException {
        List<ApiColumn> columns = columns(
                """
                {"id": {"type": "integer"}, "m": {"type": "monetary"}, "f": {"type": "float"}, "n": {"type": "integer"},
                 "d": {"type": "date"}, "w": {"type": "datetime"}}""");

        assertThat(
                        read(
                                columns,
                                "SELECT id, m, f, n, d, w, _rescued_data FROM \"rows\"()",
                                """
                        [{"id": 1, "m": 0.30000000000000004, "f": 0.1, "n": 2147483647, "d": "0001-01-01", "w": false},
                         {"id": 2, "m": 1e20, "f": 1e22, "n": 2147483648, "d": "30/02/2026", "w": "2026-11-22T10:00:00"},
                         {"id": 3, "m": 12345678901234567890.5, "f": 3, "n": 1.5, "d": false, "w": "2026-11-22 10:00:00"},
                         {"id": 4, "m": 1e-19, "f": NaN, "n": "7", "d": "2026-02-29", "w": 3},
                         {"id": 5, "m": NaN, "f": -2.5e-7, "n": false, "d": "9999-12-31", "w": "9999-12-31 23:59:59"},
                         {"id": 6, "m": 5}]"""))
                .containsExactly(
                        "1|0.300000000000000040|0.1|2147483647|0001-01-01|null|null",
                        "2|null|1e+22|null|null|null|{\"d\":\"30/02/2026\",\"m\":\"1E+20\",\"n\":\"2147483648\","
                                + "\"w\":\"2026-11-22T10:00:00\"}",
                        "3|12345678901234567890.500000000000000000|3.0|null|null|2026-11-22 10:00:00+00|{\"n\":\"1.5\"}",
                        "4|null|nan|null|null|null|{\"d\":\"2026-02-29\",\"m\":\"1E-19\",\"n\":\"7\",\"w\":\"3\"}",
                        "5|null|-2.5e-07|null|9999-12-31|9999-12-31 23:59:59+00|{\"m\":\"NaN\"}",
                        "6|5.000000000000000000|null|null|null|null|null");
    }

    @Test
    void jsonHasTheTextThatPostgresqlGivesIt() throws IOException {
        List<ApiColumn> columns = columns(
                """
                {"id": {"type": "integer"}, "analytic": {"type": "json"}, "name": {"type": "char", "translate": true},
                 "price": {"type": "float", "company_dependent": true},
                 "account_id": {"type": "many2one", "company_dependent": true}, "props": {"type": "properties"}}""");

        assertThat(
                        read(
                                columns,
                                "SELECT analytic, name, name_text, price, account_id, account_id_label, props FROM \"rows\"()",
                                """
                        [{"id": 1, "analytic": {"12": 100.0, "3": 50.5, "b": [true, null, "ü\\n"]}, "name": "Cajón \\"negro\\"",
                          "price": 8.0, "account_id": [5, "121000 Receivable"],
                          "props": [{"name": "b1", "type": "char", "value": "x"}, {"name": "a1", "type": "many2one",
                                     "value": [7, "Seven"]}, {"name": "c1", "type": "separator"}]},
                         {"id": 2, "analytic": false, "name": false, "price": 0.0, "account_id": false, "props": []}]"""))
                .containsExactly(
                        "{\"3\": 50.5, \"b\": [true, null, \"ü\\n\"], \"12\": 100.0}|{\"es_ES\": \"Cajón \\\"negro\\\"\"}"
                                + "|Cajón \"negro\"|{\"3\": 8.0}|{\"3\": 5}|121000 Receivable|{\"a1\": 7, \"b1\": \"x\"}",
                        "null|null|null|{\"3\": 0.0}|null|null|null");
    }

    @Test
    void pagesLongerThanABatchAndShorterOnesAllCome() throws IOException {
        List<ApiColumn> columns = columns("{\"id\": {\"type\": \"integer\"}}");
        StringBuilder page = new StringBuilder("[{\"id\": 0}");
        for (int i = 1; i < 5000; i++) {
            page.append(", {\"id\": ").append(i).append('}');
        }
        assertThat(read(
                        columns,
                        "SELECT count(*), count(DISTINCT id), max(_place) FROM \"rows\"()",
                        page + "]",
                        "[{\"id\": 5000}]",
                        "[{\"id\": 5001}]"))
                .containsExactly("5002|5002|5001");
    }
}
