-- Two companies that keep their books in different currencies, and what their entries refer to.
CREATE FUNCTION pg_temp.pick(id bigint, salt bigint, choices integer) RETURNS integer LANGUAGE sql IMMUTABLE
    RETURN ((hashint8extended(id, salt) & 9223372036854775807) % choices)::integer;

INSERT INTO ir_module_module (id, name, state, latest_version, author, create_uid, create_date, write_uid, write_date)
SELECT id, name, state, version, 'Odoo S.A.', 1, '2024-10-01 01:00:00', 1, '2024-10-01 01:00:00'
FROM (VALUES (1, 'base', 'installed', '19.0.1.3'), (2, 'account', 'installed', '19.0.1.4'),
             (3, 'product', 'installed', '19.0.1.2'), (4, 'sale', 'uninstalled', NULL)) AS m (id, name, state, version);

-- With the ids that they have in an Odoo 19; where nothing is translated, translate is NULL.
INSERT INTO ir_model_fields (id, name, model, ttype, translate, state, create_uid, create_date, write_uid, write_date)
SELECT id, name, model, type, translate, 'base', 1, '2024-10-01 01:00:00', 1, '2024-10-01 01:00:00'
FROM (VALUES (921, 'res.country', 'name', 'char', 'standard'),
             (1144, 'res.currency', 'currency_unit_label', 'char', 'standard'),
             (1145, 'res.currency', 'currency_subunit_label', 'char', 'standard'),
             (3473, 'product.template', 'name', 'char', 'standard'),
             (3475, 'product.template', 'description', 'html', 'html_translate'),
             (3476, 'product.template', 'description_purchase', 'text', 'standard'),
             (3477, 'product.template', 'description_sale', 'text', 'standard'),
             (4811, 'account.account', 'name', 'char', 'standard'),
             (4906, 'account.journal', 'name', 'char', 'standard'),
             (5117, 'account.tax', 'name', 'char', 'standard'),
             (5131, 'account.tax', 'description', 'html', 'html_translate'),
             (1131, 'res.currency', 'name', 'char', NULL),
             (5266, 'account.move.line', 'analytic_distribution', 'json', NULL)) AS f (id, model, name, type, translate);

INSERT INTO res_currency (id, name, symbol, decimal_places, full_name, "position", currency_unit_label, rounding, active,
                          create_uid, create_date, write_uid, write_date)
SELECT id, name, symbol, digits, full_name, 'before', jsonb_build_object('en_US', unit), round(power(10::numeric, -digits), 6), active,
       1, '2024-10-01 01:00:00', 1, '2024-10-01 01:00:00'
FROM (VALUES (1, 'USD', '$', 2, 'United States dollar', 'Dollars', true),
             (25, 'JPY', '¥', 0, 'Japanese yen', 'Yen', true),
             (36, 'PHP', '₱', 2, 'Philippine peso', 'Peso', true),
             (94, 'KWD', 'KD', 3, 'Kuwaiti dinar', 'Dinar', true),
             (126, 'EUR', '€', 2, 'Euro', 'Euros', false)) AS c (id, name, symbol, digits, full_name, unit, active);

-- Units of the currency for one unit of the company's own, as Odoo keeps them; they drift a little from month to month.
INSERT INTO res_currency_rate (id, name, rate, currency_id, company_id, create_uid, create_date, write_uid, write_date)
SELECT row_number() OVER (ORDER BY company.id, currency.id, month),
       month,
       CASE WHEN currency.id = company.currency_id THEN 1
            ELSE round(currency.per_usd / company.per_usd * (97 + pg_temp.pick(extract(epoch FROM month)::bigint, currency.id, 7)) / 100, 12)
       END,
       currency.id, company.id, 1, month + time '01:00', 1, month + time '01:00'
FROM (VALUES (1, 36, 57.9), (2, 1, 1.0)) AS company (id, currency_id, per_usd),
     (VALUES (1, 1.0), (25, 151.3), (36, 57.9), (94, 0.3071)) AS currency (id, per_usd),
     (SELECT day::date AS month FROM generate_series('2024-11-01'::timestamp, '2026-10-01', '1 month') AS day) AS months;

INSERT INTO res_country (id, name, code, currency_id, phone_code, create_uid, create_date, write_uid, write_date)
SELECT id, name, code, currency_id, phone_code, 1, '2024-10-01 01:00:00', 1, '2024-10-01 01:00:00'
FROM (VALUES (113, '{"en_US": "Japan", "fr_FR": "Japon"}'::jsonb, 'JP', 25, 81),
             (121, '{"en_US": "Kuwait", "fr_FR": "Koweït"}', 'KW', 94, 965),
             (176, '{"en_US": "Philippines"}', 'PH', 36, 63),
             (233, '{"en_US": "United States", "fr_FR": "États-Unis"}', 'US', 1, 1)) AS c (id, name, code, currency_id, phone_code);

-- Partners 1 and 2 are the companies themselves; then 300 firms, each with one contact person.
INSERT INTO res_partner (id, name, parent_id, country_id, commercial_partner_id, ref, lang, tz, type, street, city, email,
                         commercial_company_name, active, employee, is_company, partner_share, supplier_rank,
                         customer_rank, create_uid, create_date, write_uid, write_date)
SELECT id, name, NULL::integer, country_id, id, NULL, 'en_US', tz, 'contact', street, city, NULL, name, true, false, true, false, 0, 0,
       1, '2024-10-01 01:00:00', 1, '2024-10-01 01:00:00'
FROM (VALUES (1, 'Lakeside Trading Inc.', 176, 'Asia/Manila', '12 Ayala Avenue', 'Makati'),
             (2, 'Lakeside Imports LLC', 233, 'America/New_York', '77 Mill Street', 'Albany'))
     AS own (id, name, country_id, tz, street, city)
UNION ALL
SELECT 10 + firm, firms.name, NULL, (ARRAY[113, 121, 176, 176, 233])[1 + pg_temp.pick(firm, 1, 5)], 10 + firm,
       'C' || lpad(firm::text, 5, '0'), 'en_US', NULL, 'contact', firm || ' Harbour Road',
       (ARRAY['Osaka', 'Kuwait City', 'Cebu', 'Davao', 'Portland'])[1 + pg_temp.pick(firm, 1, 5)],
       'office' || firm || '@example.com', firms.name, pg_temp.pick(firm, 4, 50) > 0, false, true, true,
       (pg_temp.pick(firm, 5, 4) = 0)::integer, 1,
       2, timestamp '2024-10-02 02:00:00' + (firm / 50) * interval '1 hour', 2,
       timestamp '2024-10-02 02:00:00' + (firm / 50) * interval '1 hour'
FROM (SELECT firm,
             (ARRAY['Northwind', 'O''Reilly & Sons', 'Müller', 'San Miguel', 'Blue "Bay"', 'Koshi', 'Al-Sabah', 'Old Town'])
                 [1 + pg_temp.pick(firm, 2, 8)] || ' '
             || (ARRAY['Foods', 'Textiles', 'Hardware', 'Paper', 'Marine'])[1 + pg_temp.pick(firm, 3, 5)] || ' ' || firm AS name
      FROM generate_series(1, 300) AS firm) AS firms
UNION ALL
SELECT 400 + firm, 'Contact ' || firm, 10 + firm, NULL, 10 + firm, NULL, 'en_US', NULL, 'contact', NULL, NULL,
       'contact' || firm || '@example.com', NULL, true, false, false, true, 0, 0,
       2, '2024-10-03 02:00:00', 2, '2024-10-03 02:00:00'
FROM generate_series(1, 300) AS firm;

INSERT INTO res_company (id, name, partner_id, currency_id, sequence, parent_id, email, active, fiscalyear_last_day,
                         fiscalyear_last_month, fiscalyear_lock_date, create_uid, create_date, write_uid, write_date)
VALUES (1, 'Lakeside Trading Inc.', 1, 36, 10, NULL, 'books@example.com', true, 31, '12', '2025-12-31', 1, '2024-10-01 01:00:00', 1, '2024-10-01 01:00:00'),
       (2, 'Lakeside Imports LLC', 2, 1, 20, 1, NULL, true, 31, '12', '2025-06-30', 1, '2024-10-01 01:00:00', 1, '2024-10-01 01:00:00');

-- Accounts of company c have ids c * 100 + n.
INSERT INTO account_account (id, name, account_type, reconcile, non_trade, create_uid, create_date, write_uid, write_date)
SELECT company * 100 + n, jsonb_build_object('en_US', name), type, n IN (1, 2), false, 1, '2024-10-01 01:00:00', 1, '2024-10-01 01:00:00'
FROM generate_series(1, 2) AS company,
     (VALUES (1, 'Account Receivable', 'asset_receivable'), (2, 'Account Payable', 'liability_payable'),
             (3, 'Bank', 'asset_cash'), (4, 'Tax Received', 'liability_current'), (5, 'Tax Paid', 'asset_current'),
             (6, 'Product Sales', 'income'), (7, 'Service Sales', 'income'), (8, 'Other Income', 'income_other'),
             (9, 'Expenses', 'expense'), (10, 'Depreciation', 'expense_depreciation'),
             (11, 'Equipment', 'asset_fixed'), (12, 'Accrued Revenue', 'asset_current')) AS a (n, name, type);

-- Journals of company c have ids c * 10 + n.
INSERT INTO account_journal (id, name, code, type, company_id, default_account_id, sequence, color, invoice_reference_type,
                             invoice_reference_model, active, refund_sequence, payment_sequence,
                             restrict_mode_hash_table, show_on_dashboard, create_uid, create_date, write_uid, write_date)
SELECT company * 10 + n, name, code, type, company, company * 100 + account, n, 0, 'invoice', 'odoo', true, n <= 2, n = 3,
       false, true, 1, '2024-10-01 01:00:00', 1, '2024-10-01 01:00:00'
FROM generate_series(1, 2) AS company,
     (VALUES (1, '{"en_US": "Sales", "fr_FR": "Ventes"}'::jsonb, 'INV', 'sale', 6),
             (2, '{"en_US": "Purchases", "fr_FR": "Achats"}', 'BILL', 'purchase', 9),
             (3, '{"en_US": "Bank"}', 'BNK1', 'bank', 3),
             (4, '{"en_US": "Miscellaneous Operations"}', 'MISC', 'general', NULL)) AS j (n, name, code, type, account);

INSERT INTO account_tax (id, name, type_tax_use, amount_type, amount, company_id, sequence, active,
                         create_uid, create_date, write_uid, write_date)
VALUES (1, '{"en_US": "VAT 12%"}', 'sale', 'percent', 12, 1, 1, true, 1, '2024-10-01 01:00:00', 1, '2024-10-01 01:00:00'),
       (2, '{"en_US": "Sales tax 8.25%"}', 'sale', 'percent', 8.25, 2, 1, true, 1, '2024-10-01 01:00:00', 1, '2024-10-01 01:00:00'),
       (3, '{"en_US": "VAT 12%"}', 'purchase', 'percent', 12, 1, 1, true, 1, '2024-10-01 01:00:00', 1, '2024-10-01 01:00:00'),
       (4, '{"en_US": "Use tax 8.25%"}', 'purchase', 'percent', 8.25, 2, 1, true, 1, '2024-10-01 01:00:00', 1, '2024-10-01 01:00:00');

INSERT INTO product_category (id, name, complete_name, parent_id, parent_path, create_uid, create_date, write_uid, write_date)
VALUES (1, 'All', 'All', NULL, '1/', 1, '2024-10-01 01:00:00', 1, '2024-10-01 01:00:00'),
       (2, 'Goods', 'All / Goods', 1, '1/2/', 1, '2024-10-01 01:00:00', 1, '2024-10-01 01:00:00'),
       (3, 'Services', 'All / Services', 1, '1/3/', 1, '2024-10-01 01:00:00', 1, '2024-10-01 01:00:00');

-- 40 products, every fourth a service; some names are translated, some are not.
INSERT INTO product_template (id, name, type, default_code, sequence, categ_id, uom_id, description_sale, list_price, volume,
                              weight, sale_ok, purchase_ok, active, create_uid, create_date, write_uid, write_date)
SELECT id,
       jsonb_build_object('en_US', en) || CASE WHEN id % 3 = 0 THEN jsonb_build_object('fr_FR', fr) ELSE '{}' END,
       CASE WHEN id % 4 = 0 THEN 'service' ELSE 'consu' END,
       'SKU-' || lpad(id::text, 3, '0'), 1, 2 + (id % 4 = 0)::integer, 1, NULL,
       5 + pg_temp.pick(id, 11, 400) + pg_temp.pick(id, 12, 100) / 100.0, 0, pg_temp.pick(id, 13, 50) / 10.0, true, true,
       id <> 40, 2, '2024-10-04 02:00:00', 2, '2024-10-04 02:00:00'
FROM (SELECT id,
             (ARRAY['Small', 'Large', 'Blue', 'Folding', 'Oak'])[1 + id % 5] || ' '
             || (ARRAY['Assembly', 'Desk', 'Chair', 'Lamp', 'Cabinet', 'Shelf', 'Drawer', 'Board'])[1 + id % 8] AS en,
             (ARRAY['Montage', 'Bureau', 'Chaise', 'Lampe', 'Armoire', 'Étagère', 'Tiroir', 'Tableau'])[1 + id % 8] || ' ' || id AS fr
      FROM generate_series(1, 40) AS id) AS names;

INSERT INTO product_product (id, product_tmpl_id, default_code, barcode, combination_indices, volume, weight, active,
                             create_uid, create_date, write_uid, write_date)
SELECT id, id, default_code, '48000000' || lpad(id::text, 5, '0'), '', volume, weight, active, create_uid, create_date,
       write_uid, write_date
FROM product_template;
