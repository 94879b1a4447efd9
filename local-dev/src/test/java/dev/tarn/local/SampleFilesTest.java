package dev.tarn.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.local.cli.TarnRun;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that the demo drops, against the demo Odoo: each total is computed again from the files and Odoo's own tables. */
class SampleFilesTest {

    private static final String[] RECONCILED = {
        "company_id",
        "month",
        "bank_lines",
        "bank_amount",
        "reconciled_lines",
        "reconciled_amount",
        "differing_lines",
        "difference",
        "not_in_odoo_lines",
        "not_in_odoo_amount",
        "not_at_bank",
        "not_at_bank_amount"
    };

    @TempDir
    private static Path folder;

    private static Path root;
    private static List<String> payments;
    private static List<String> actuals;

    @BeforeAll
    static void runTheDemo() {
        root = folder.resolve("lake");
        TarnRun run = TarnRun.of(folder, Map.of(), "up", "--once", "--rows", "1000", "--root", root.toString());
        assertThat(run.exitCode()).as(run.err()).isZero();
        try (Books odoo = Books.open(root.resolve("demo"), 1000)) {
            payments = odoo.odoo(
                    """
                    SELECT m.company_id, m.name, to_char(m.date, 'YYYY-MM'), p.amount_company_currency_signed
                    FROM account_payment p JOIN account_move m ON m.id = p.move_id
                    WHERE m.state = 'posted' ORDER BY m.id""");
            actuals = odoo.odoo(
                    """
                    SELECT l.company_id, to_char(l.date, 'YYYY-MM-01'), a.name ->> 'en_US',
                           sum(CASE WHEN a.account_type LIKE 'income%' THEN l.credit - l.debit ELSE l.debit - l.credit END)
                    FROM account_move_line l JOIN account_account a ON a.id = l.account_id
                    WHERE l.parent_state = 'posted' AND l.date >= '2026-01-01'
                      AND (a.account_type LIKE 'income%' OR a.account_type LIKE 'expense%')
                    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""");
        }
    }

    private static List<Path> statements() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("landing/bank_statement"))) {
            return files.sorted().toList();
        }
    }

    private static List<String> read(String table, String... columns) {
        TarnRun run =
                TarnRun.of(folder, Map.of(), "table", "read", table, "--root", root.toString(), "--format", "json");
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.out()
                .lines()
                .map(row -> Stream.of(columns).map(column -> value(row, column)).toList())
                .map(values -> String.join("|", values))
                .sorted()
                .toList();
    }

    private static String value(String row, String column) {
        String key = "\"" + column + "\":";
        int at = row.indexOf(key) + key.length();
        int end = row.startsWith("\"", at) ? row.indexOf('"', at + 1) + 1 : row.length() - 1;
        if (!row.startsWith("\"", at) && row.indexOf(',', at) > 0) {
            end = row.indexOf(',', at);
        }
        return row.substring(at, end).replace("\"", "");
    }

    /** Counts and sums of one company and month. */
    private static final class Month {
        private final int[] count = new int[5];
        private final BigDecimal[] sum = new BigDecimal[] {
            new BigDecimal("0.00"),
            new BigDecimal("0.00"),
            new BigDecimal("0.00"),
            new BigDecimal("0.00"),
            new BigDecimal("0.00")
        };

        private void add(int group, BigDecimal amount) {
            count[group]++;
            sum[group] = sum[group].add(amount);
        }

        private String row(String key) {
            List<String> cells = new ArrayList<>(List.of(key));
            for (int group = 0; group < count.length; group++) {
                cells.add(count[group] + "|" + sum[group]);
            }
            return String.join("|", cells);
        }
    }

    @Test
    void everyLineOfTheBankAndEveryPaymentOfOdooIsInItsGroup() throws IOException {
        Map<String, String> byNumber = new HashMap<>();
        payments.forEach(payment -> {
            String[] cells = payment.split("\\|");
            byNumber.put(cells[0] + "|" + cells[1], payment);
        });
        Map<String, Month> months = new TreeMap<>();
        Set<String> atTheBank = new HashSet<>();
        for (Path file : statements()) {
            for (String line : Files.readString(file, Charset.forName("windows-1252"))
                    .lines()
                    .skip(1)
                    .toList()) {
                String company = line.startsWith("PH-") ? "1" : "2";
                String[] cells = line.replaceAll("\"(?:[^\"]|\"\")*\"", "").split(";", -1);
                Month month = months.computeIfAbsent(company + "|" + cells[3].substring(0, 7), key -> new Month());
                BigDecimal amount = new BigDecimal(cells[4].replace(',', '.'));
                String number = company + "|" + cells[7];
                String payment = byNumber.get(number);
                month.add(0, amount);
                if (payment == null) {
                    month.add(3, amount);
                    continue;
                }
                atTheBank.add(number);
                BigDecimal booked = new BigDecimal(payment.split("\\|")[3]);
                boolean same = amount.compareTo(booked) == 0;
                month.add(same ? 1 : 2, same ? amount : amount.subtract(booked));
            }
        }
        byNumber.forEach((number, payment) -> {
            String[] cells = payment.split("\\|");
            if (cells[2].compareTo("2026-08") >= 0 && !atTheBank.contains(number)) {
                months.computeIfAbsent(cells[0] + "|" + cells[2], key -> new Month())
                        .add(4, new BigDecimal(cells[3]));
            }
        });

        List<String> expected = new ArrayList<>();
        months.forEach((key, month) -> expected.add(month.row(key + "-01")));
        assertThat(expected).hasSizeBetween(6, 8);
        assertThat(months.values().stream().mapToInt(month -> month.count[1]).sum())
                .isGreaterThan(5);
        assertThat(months.values()).anyMatch(month -> month.count[2] > 0).anyMatch(month -> month.count[4] > 0);
        assertThat(read("gold.bank_reconciliation", RECONCILED)).isEqualTo(expected);
    }

    @Test
    void theBudgetIsBesideWhatOdooBooked() throws IOException {
        Map<String, BigDecimal[]> expected = new TreeMap<>();
        for (String line : Files.readAllLines(root.resolve("landing/budget/2026.csv"), StandardCharsets.UTF_8)) {
            String[] cells = line.split(",", -1);
            if (!cells[0].equals("company_id")) {
                expected.put(
                        cells[0] + "|" + cells[1] + "|" + cells[2],
                        new BigDecimal[] {new BigDecimal(cells[3]).setScale(2), new BigDecimal("0.00")});
            }
        }
        assertThat(expected).hasSize(2 * 12 * 4);
        for (String actual : actuals) {
            int last = actual.lastIndexOf('|');
            expected.computeIfAbsent(actual.substring(0, last), key ->
                            new BigDecimal[] {new BigDecimal("0.00"), new BigDecimal("0.00")})[1] =
                    new BigDecimal(actual.substring(last + 1));
        }
        assertThat(expected).as("with other income, which nobody planned").hasSizeGreaterThan(2 * 12 * 4);

        List<String> rows = new ArrayList<>();
        expected.forEach((key, amounts) ->
                rows.add(key + "|" + amounts[0] + "|" + amounts[1] + "|" + amounts[1].subtract(amounts[0])));
        assertThat(read("gold.budget_vs_actual", "company_id", "month", "account", "budget", "actual", "variance"))
                .containsExactlyInAnyOrderElementsOf(rows);
    }

    @Test
    void textsAreThereAsTheBankAndTheControllerWroteThem() throws IOException {
        assertThat(Files.readAllBytes(statements().get(0))).contains('\r').contains((byte) 0xF1);
        assertThat(read("silver.bank_statement_line", "counterparty"))
                .contains("Bangko de Peñafrancia; fees", "Mühlbach Savings Bank");
        assertThat(read("silver.budget", "note")).contains("in ₱, as agreed with Señora Müller");
        assertThat(read("bronze.bank_statement", "_rescued_data")).containsOnly("null");
    }

    @Test
    void whoeverRunsTheDemoAgainGetsNothingTwice() throws IOException {
        List<String> before = read("bronze.bank_statement", "account", "statement", "line");
        Files.delete(statements().get(0));

        TarnRun run = TarnRun.of(folder, Map.of(), "up", "--once", "--root", root.toString());

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(statements()).hasSize(5);
        assertThat(read("bronze.bank_statement", "account", "statement", "line"))
                .isEqualTo(before);
    }
}
