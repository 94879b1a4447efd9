-- Journal entries, as many as the setting tarn.moves says, over the 24 months to October 2026. Of ten in a row the first
-- eight are invoices, refunds and bills; the ninth pays the first; the tenth pays half of the second or is a manual entry.
-- Every choice hashes the entry's number, so the same number of entries always gives the same rows.
CREATE TEMPORARY TABLE seed_move ON COMMIT DROP AS
WITH setting AS (
    SELECT current_setting('tarn.moves')::bigint AS moves
), entry AS (
    SELECT i, moves, i % 10 AS place, i % 10 = 8 OR i % 10 = 9 AND pg_temp.pick(i / 10, 30, 2) = 0 AS is_payment,
           i % 10 = 9 AND pg_temp.pick(i / 10, 30, 2) = 1 AS is_manual
    FROM setting, generate_series(0, moves - 1) AS i
), origin AS (
    SELECT *, CASE WHEN is_payment THEN i - 8 ELSE i END AS document FROM entry
), drawn AS (
    SELECT *,
           CASE WHEN is_payment OR is_manual THEN 'entry'
                WHEN place = 5 THEN (ARRAY['out_refund', 'out_refund', 'out_refund', 'out_receipt', 'out_invoice'])[1 + pg_temp.pick(i, 25, 5)]
                WHEN place = 6 THEN 'in_invoice'
                WHEN place = 7 THEN (ARRAY['in_invoice', 'in_invoice', 'in_invoice', 'in_refund'])[1 + pg_temp.pick(i, 25, 4)]
                ELSE 'out_invoice' END AS move_type,
           CASE WHEN i IN (3, 13) THEN 'draft'
                WHEN place IN (0, 1, 8, 9) OR pg_temp.pick(i, 24, 100) >= 12 THEN 'posted'
                WHEN pg_temp.pick(i, 24, 100) >= 8 THEN 'cancel'
                ELSE 'draft' END AS state,
           -- An invoice counts as paid only when its payment is among the entries.
           i + 8 < moves AND (place = 0 OR place = 1 AND pg_temp.pick(i / 10, 30, 2) = 0) AS is_paid,
           1 + (pg_temp.pick(document, 21, 10) >= 6)::integer AS book,
           10 + 1 + pg_temp.pick(document, 26, 300) AS firm,
           date '2024-11-01' + (document * 729 / greatest(moves - 1, 1))::integer AS document_date
    FROM origin
), booked AS (
    SELECT *, CASE WHEN book = 1 THEN 36 ELSE 1 END AS company_currency FROM drawn
), priced AS (
    SELECT *,
           CASE WHEN is_manual OR pg_temp.pick(document, 22, 10) < 6 THEN company_currency
                ELSE (ARRAY[1, 25, 36, 94])[1 + pg_temp.pick(document, 23, 4)] END AS currency_id
    FROM booked
)
SELECT priced.i, document, place, is_payment, is_manual, is_paid, move_type, state, book, company_currency, priced.currency_id,
       cur.decimal_places AS digits,
       rate.rate,
       (ARRAY[1, 151, 57.9, 0.307])[array_position(ARRAY[1, 25, 36, 94], priced.currency_id)] AS price_level,
       firm, document_date,
       CASE WHEN is_payment THEN least(document_date + 5 + pg_temp.pick(priced.i, 27, 40), date '2026-10-31') ELSE document_date END AS date,
       CASE WHEN move_type IN ('out_invoice', 'out_receipt', 'in_refund') THEN -1 ELSE 1 END AS sign,
       CASE WHEN move_type LIKE 'out%' THEN 1 WHEN move_type LIKE 'in%' THEN 2 WHEN is_payment THEN 3 ELSE 4 END AS journal,
       pg_temp.pick(priced.i, 33, 10) < 7 AS taxed,
       -- Odoo stamps all rows of one transaction alike, and imports book forty entries at once.
       timestamp '2024-11-01 02:00' + (priced.i / 40 * 40 * 729 / greatest(moves - 1, 1)) * interval '1 day'
           + (priced.i / 40 * 7919 % 36000000000) * interval '1 microsecond' AS created,
       CASE WHEN is_paid THEN (priced.i + 8) / 40 ELSE priced.i / 40 END AS written_batch, moves
FROM priced
JOIN res_currency cur ON cur.id = priced.currency_id
JOIN res_currency_rate rate
    ON rate.company_id = book AND rate.currency_id = priced.currency_id AND rate.name = date_trunc('month', document_date)::date;

-- What is sold or bought: one to three lines for each invoice, refund or bill, in the document's currency.
CREATE TEMPORARY TABLE seed_item ON COMMIT DROP AS
SELECT i, k, product.id AS product_id, product.name ->> 'en_US' AS label, product.type,
       1 + pg_temp.pick(i * 8 + k, 32, 12) AS quantity,
       -- Now and then something is given away: an invoice over nothing.
       CASE WHEN i % 700 = 2 THEN 0 ELSE greatest(round(product.list_price * price_level, digits), power(10::numeric, -digits)) END AS price_unit
FROM seed_move
CROSS JOIN LATERAL generate_series(1, 1 + pg_temp.pick(i, 20, 3)) AS k
JOIN product_template product ON product.id = 1 + pg_temp.pick(i * 8 + k, 31, 40)
WHERE move_type <> 'entry';
ANALYZE seed_move, seed_item;

-- Every line of the ledger but the one that balances an invoice. The tax line is number 8, the balancing one 9.
CREATE TEMPORARY TABLE seed_line ON COMMIT DROP AS
SELECT m.i, item.k, 'product' AS display_type, m.book * 100 + CASE WHEN m.journal = 2 THEN 9 WHEN item.type = 'service' THEN 7 ELSE 6 END AS account_id,
       item.label, item.product_id, item.quantity::numeric AS quantity, item.price_unit,
       m.sign * item.quantity * item.price_unit AS amount_currency,
       m.sign * round(item.quantity * item.price_unit / m.rate, 2) AS balance
FROM seed_move m JOIN seed_item item USING (i)
UNION ALL
SELECT m.i, 8, 'tax', m.book * 100 + CASE WHEN m.journal = 2 THEN 5 ELSE 4 END, tax.name ->> 'en_US', NULL, NULL, NULL,
       m.sign * round(untaxed * tax.amount / 100, m.digits), m.sign * round(round(untaxed * tax.amount / 100, m.digits) / m.rate, 2)
FROM seed_move m
JOIN (SELECT i, sum(quantity * price_unit) AS untaxed FROM seed_item GROUP BY i) AS total USING (i)
JOIN account_tax tax ON tax.id = m.book + CASE WHEN m.journal = 2 THEN 2 ELSE 0 END
WHERE m.taxed
UNION ALL
SELECT i, side, 'product', book * 100 + (ARRAY[[10, 11], [12, 6], [8, 12]])[kind][side],
       (ARRAY['Depreciation', 'Accrued revenue', 'Correction of other income'])[kind], NULL, NULL, NULL,
       (3 - 2 * side) * amount, (3 - 2 * side) * amount
FROM (SELECT i, book, 1 + pg_temp.pick(i, 34, 3) AS kind,
             round((100 + pg_temp.pick(i, 35, 400000) / 100.0) * price_level, 2) AS amount
      FROM seed_move WHERE is_manual) AS manual,
     generate_series(1, 2) AS side;
ANALYZE seed_line;

CREATE TEMPORARY TABLE seed_total ON COMMIT DROP AS
SELECT i,
       coalesce(sum(amount_currency) FILTER (WHERE display_type = 'product'), 0) AS untaxed,
       coalesce(sum(amount_currency) FILTER (WHERE display_type = 'tax'), 0) AS tax,
       sum(amount_currency) AS total,
       coalesce(sum(balance) FILTER (WHERE display_type = 'product'), 0) AS untaxed_balance,
       coalesce(sum(balance) FILTER (WHERE display_type = 'tax'), 0) AS tax_balance,
       sum(balance) AS total_balance
FROM seed_line
GROUP BY i;
ANALYZE seed_total;

-- A payment settles its invoice at the invoice's own rate, so that no exchange difference arises.
CREATE TEMPORARY TABLE seed_payment ON COMMIT DROP AS
SELECT p.i, p.document, amount, CASE WHEN p.place = 8 THEN -t.total_balance ELSE round(amount / p.rate, 2) END AS amount_company
FROM seed_move p
JOIN seed_total t ON t.i = p.document
CROSS JOIN LATERAL (SELECT CASE WHEN p.place = 8 THEN -t.total ELSE round(-t.total / 2, p.digits) END AS amount) AS paid
WHERE p.is_payment;
INSERT INTO seed_line (i, k, display_type, account_id, label, amount_currency, balance)
SELECT i, side, 'product', book * 100 + (ARRAY[3, 1])[side], 'Customer payment', (3 - 2 * side) * amount, (3 - 2 * side) * amount_company
FROM seed_payment JOIN seed_move USING (i, document), generate_series(1, 2) AS side;
ANALYZE seed_payment;

INSERT INTO account_move (
    id, sequence_number, sequence_prefix, journal_id, company_id, partner_id, commercial_partner_id, partner_shipping_id,
    currency_id, invoice_user_id, name, ref, state, move_type, auto_post, payment_reference, payment_state,
    invoice_partner_display_name, date, invoice_date, invoice_date_due, narration, amount_untaxed, amount_tax, amount_total,
    amount_residual, amount_untaxed_signed, amount_tax_signed, amount_total_signed, amount_total_in_currency_signed,
    amount_residual_signed, always_tax_exigible, posted_before, is_move_sent, create_uid, create_date, write_uid, write_date)
WITH numbered AS (
    SELECT m.*,
           (ARRAY['INV', 'BILL', 'PBNK1', 'MISC'])[journal] AS code,
           row_number() OVER (PARTITION BY book, journal, move_type LIKE '%refund', state = 'draft', extract(year FROM date)
                              ORDER BY date, m.i) AS number
    FROM seed_move m
), named AS (
    SELECT *, CASE WHEN state <> 'draft'
                   THEN CASE WHEN move_type LIKE '%refund' THEN 'R' ELSE '' END || code || '/' || extract(year FROM date) || '/' END AS prefix
    FROM numbered
), amounts AS (
    SELECT named.*, partner.name AS firm_name, coalesce(paid.amount, 0) AS paid, coalesce(paid.amount_company, 0) AS paid_company,
           CASE WHEN is_payment THEN own.amount WHEN is_manual THEN manual.amount ELSE abs(t.total) END AS total,
           CASE WHEN is_payment THEN own.amount_company WHEN is_manual THEN manual.amount ELSE -t.total_balance END AS total_signed,
           CASE WHEN move_type = 'entry' THEN 0 ELSE abs(t.untaxed) END AS untaxed,
           CASE WHEN move_type = 'entry' THEN 0 ELSE abs(t.tax) END AS tax,
           CASE WHEN move_type = 'entry' THEN 0 ELSE -t.untaxed_balance END AS untaxed_signed,
           CASE WHEN move_type = 'entry' THEN 0 ELSE -t.tax_balance END AS tax_signed
    FROM named
    JOIN res_partner partner ON partner.id = firm
    LEFT JOIN seed_total t ON t.i = named.i
    LEFT JOIN seed_payment own ON own.i = named.i
    LEFT JOIN seed_payment paid ON paid.document = named.i
    LEFT JOIN (SELECT i, max(balance) AS amount FROM seed_line WHERE k = 1 GROUP BY i) AS manual ON manual.i = named.i AND is_manual
)
SELECT i + 1, CASE WHEN prefix IS NULL THEN 0 ELSE number END, prefix, book * 10 + journal,
       -- Two drafts were imported without a company, as happens.
       CASE WHEN i NOT IN (3, 13) THEN book END,
       CASE WHEN is_manual THEN NULL WHEN i % 4 = 0 THEN firm + 390 ELSE firm END,
       CASE WHEN NOT is_manual THEN firm END,
       CASE WHEN move_type LIKE 'out%' THEN firm END,
       currency_id, 2, prefix || lpad(number::text, 5, '0'),
       CASE WHEN move_type LIKE 'in%' THEN 'EXT-' || lpad(i::text, 6, '0') END,
       state, move_type, 'no',
       CASE WHEN move_type LIKE 'out%' THEN prefix || lpad(number::text, 5, '0') END,
       CASE WHEN state = 'posted' AND move_type <> 'entry' AND total - paid = 0 THEN 'paid'
            WHEN paid <> 0 THEN 'partial' ELSE 'not_paid' END,
       CASE WHEN move_type <> 'entry' THEN firm_name END,
       date, CASE WHEN move_type <> 'entry' AND state <> 'draft' THEN date END, CASE WHEN move_type <> 'entry' THEN date + 30 END,
       CASE WHEN i % 50 = 7 THEN E'<p>Call first.\n"Ring twice"</p>' END,
       untaxed, tax, total, residual,
       untaxed_signed, tax_signed, total_signed,
       CASE WHEN move_type = 'entry' THEN total ELSE -sign * total END,
       residual_signed,
       false, state <> 'draft', i % 3 = 0, 2, created, 2,
       timestamp '2024-11-01 02:00' + (written_batch * 40 * 729 / greatest(moves - 1, 1)) * interval '1 day'
           + (written_batch * 7919 % 36000000000) * interval '1 microsecond'
FROM amounts
CROSS JOIN LATERAL (
    SELECT CASE WHEN move_type = 'entry' OR state = 'cancel' THEN 0 ELSE total - paid END AS residual,
           CASE WHEN move_type = 'entry' OR state = 'cancel' THEN 0 ELSE total_signed - paid_company END AS residual_signed) AS open;

INSERT INTO account_move_line (
    id, move_id, journal_id, company_id, company_currency_id, sequence, account_id, currency_id, partner_id, payment_id,
    tax_line_id, product_id, product_uom_id, move_name, parent_state, ref, name, display_type, date, date_maturity,
    analytic_distribution, debit, credit, balance, amount_currency, tax_base_amount, amount_residual,
    amount_residual_currency, quantity, price_unit, price_subtotal, price_total, discount, reconciled, create_uid,
    create_date, write_uid, write_date)
WITH line AS (
    SELECT i, k, display_type, account_id, label, product_id, quantity, price_unit, amount_currency, balance FROM seed_line
    UNION ALL
    SELECT i, 9, 'payment_term', book * 100 + CASE WHEN journal = 1 THEN 1 ELSE 2 END, NULL, NULL, NULL, NULL, -total, -total_balance
    FROM seed_move JOIN seed_total USING (i)
    WHERE move_type <> 'entry'
)
SELECT line.i * 10 + k, m.id, m.journal_id, m.company_id, s.company_currency, k * 10, account_id, m.currency_id, m.partner_id,
       CASE WHEN is_payment THEN m.id END,
       CASE WHEN display_type = 'tax' THEN s.book + CASE WHEN journal = 2 THEN 2 ELSE 0 END END,
       product_id, CASE WHEN product_id IS NOT NULL THEN 1 END, m.name, m.state, m.ref, label, display_type, m.date,
       CASE WHEN display_type = 'payment_term' THEN m.invoice_date_due END,
       CASE WHEN product_id % 5 = 0 THEN jsonb_build_object(product_id::text, 100.0) END,
       greatest(balance, 0), greatest(-balance, 0), balance, amount_currency,
       CASE WHEN display_type = 'tax' THEN abs(m.amount_untaxed_signed) ELSE 0 END,
       CASE WHEN display_type = 'payment_term' THEN m.amount_residual_signed ELSE 0 END,
       CASE WHEN display_type = 'payment_term' THEN -s.sign * m.amount_residual ELSE 0 END,
       coalesce(quantity, 1), price_unit, quantity * price_unit, NULL, 0,
       display_type = 'payment_term' AND m.payment_state = 'paid', 2, m.create_date, 2, m.write_date
FROM line
JOIN account_move m ON m.id = line.i + 1
JOIN seed_move s ON s.i = line.i;

INSERT INTO account_move_line_account_tax_rel (account_move_line_id, account_tax_id)
SELECT i * 10 + k, book + CASE WHEN journal = 2 THEN 2 ELSE 0 END
FROM seed_item JOIN seed_move USING (i)
WHERE taxed;

INSERT INTO account_partial_reconcile (id, debit_move_id, credit_move_id, debit_currency_id, credit_currency_id, company_id,
                                       max_date, amount, debit_amount_currency, credit_amount_currency, create_uid,
                                       create_date, write_uid, write_date)
SELECT i + 1, document * 10 + 9, i * 10 + 2, currency_id, currency_id, book, date, amount_company, amount, amount, 2, created,
       2, created
FROM seed_payment JOIN seed_move USING (i, document);

INSERT INTO account_payment (id, move_id, payment_type, partner_type, partner_id, currency_id, outstanding_account_id,
                             destination_account_id, payment_reference, amount, amount_company_currency_signed,
                             is_reconciled, is_matched, create_uid, create_date, write_uid, write_date)
SELECT i + 1, i + 1, 'inbound', 'customer', firm, currency_id, book * 100 + 3, book * 100 + 1, NULL, amount, amount_company,
       true, false, 2, created, 2, created
FROM seed_payment JOIN seed_move USING (i, document);

ALTER TABLE account_move ADD PRIMARY KEY (id);
ALTER TABLE account_move_line ADD PRIMARY KEY (id);
ALTER TABLE account_move_line_account_tax_rel ADD PRIMARY KEY (account_move_line_id, account_tax_id);
CREATE INDEX ON account_move_line (move_id);
