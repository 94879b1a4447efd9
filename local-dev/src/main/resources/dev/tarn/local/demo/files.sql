-- The files of the demo: path below landing/, charset and content. Each company's bank sends a statement a month, in its own
-- way: semicolons, decimal commas, CR LF. Of the payments in Odoo every eleventh has not reached the bank, and of every seventh
-- another bank has kept a fee; fees of the bank itself are not in Odoo.
WITH account (company, number, bank, fee) AS (
    VALUES (1, 'PH-0012-3456', 'Bangko de Peñafrancia; fees', 250.00), (2, 'US-7700-0815', 'Mühlbach Savings Bank', 12.50)
), booked AS (
    SELECT m.company_id AS company, m.id, least(m.date + (m.id % 3)::integer, date '2026-10-31') AS day,
           p.amount_company_currency_signed - CASE WHEN m.id % 7 = 0 THEN 15 ELSE 0 END AS amount,
           partner.name AS counterparty, m.name AS reference
    FROM account_payment p
    JOIN account_move m ON m.id = p.move_id
    JOIN res_partner partner ON partner.id = m.commercial_partner_id
    WHERE m.state = 'posted' AND m.date >= date '2026-08-01' AND m.id % 11 <> 0
    UNION ALL
    SELECT company, NULL, (month + interval '1 month - 1 day')::date, -fee, bank, ''
    FROM account, generate_series(timestamp '2026-08-01', '2026-10-01', interval '1 month') AS month
), numbered AS (
    SELECT account.number AS account, to_char(day, 'YYYY-MM') AS statement,
           row_number() OVER (PARTITION BY company, to_char(day, 'YYYY-MM') ORDER BY day, booked.id) AS line,
           day, amount, currency.name AS currency, counterparty, reference
    FROM booked
    JOIN account USING (company)
    JOIN res_company c ON c.id = company
    JOIN res_currency currency ON currency.id = c.currency_id
), budgeted AS (
    -- What was booked in 2025 and five hundredths more, in twelfths.
    SELECT l.company_id, a.name ->> 'en_US' AS account,
           round(sum(CASE WHEN a.account_type = 'income' THEN -l.balance ELSE l.balance END) * 1.05 / 12, -2) AS amount
    FROM account_move_line l
    JOIN account_account a ON a.id = l.account_id
    WHERE l.parent_state = 'posted' AND l.date BETWEEN date '2025-01-01' AND date '2025-12-31'
      AND a.account_type IN ('income', 'expense', 'expense_depreciation')
    GROUP BY l.company_id, a.name
), planned AS (
    SELECT company_id, month::date AS month, account, amount,
           CASE WHEN company_id = 1 AND month = timestamp '2026-01-01' THEN '"in ₱, as agreed with Señora Müller"' ELSE '' END AS note
    FROM budgeted, generate_series(timestamp '2026-01-01', '2026-12-01', interval '1 month') AS month
)
SELECT 'bank_statement/' || account || '_' || statement || '.csv' AS path, 'windows-1252' AS charset,
       E'account;statement;line;booked_on;amount;currency;counterparty;reference\r\n'
           || string_agg(concat_ws(';', account, statement, line, day, replace(round(amount, 2)::text, '.', ','), currency,
                                   '"' || replace(counterparty, '"', '""') || '"', reference) || E'\r\n', '' ORDER BY line) AS content
FROM numbered
GROUP BY account, statement
UNION ALL
SELECT 'budget/2026.csv', 'UTF-8',
       E'company_id,month,account,amount,note\n'
           || coalesce(string_agg(concat_ws(',', company_id, month, account, amount, note) || E'\n', '' ORDER BY company_id, account, month), '')
FROM planned
ORDER BY path;
