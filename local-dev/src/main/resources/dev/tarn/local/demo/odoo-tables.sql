-- Tables and columns of Odoo 19 that Odoo 16, 17 and 18 have as well, under Odoo's own names and types.
CREATE TABLE ir_module_module (
    id integer PRIMARY KEY, name varchar NOT NULL, state varchar, latest_version varchar, author varchar, website varchar,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp,
    UNIQUE (name));

-- Of Odoo's own list of fields, what tells the translated ones from others.
CREATE TABLE ir_model_fields (
    id integer PRIMARY KEY, name varchar NOT NULL, model varchar NOT NULL, ttype varchar NOT NULL, translate varchar,
    state varchar NOT NULL,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp,
    UNIQUE (model, name));

CREATE TABLE res_currency (
    id integer PRIMARY KEY, name varchar NOT NULL, symbol varchar NOT NULL, decimal_places integer, full_name varchar,
    "position" varchar, currency_unit_label jsonb, currency_subunit_label jsonb, rounding numeric, active boolean,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp);

CREATE TABLE res_currency_rate (
    id integer PRIMARY KEY, name date NOT NULL, rate numeric, currency_id integer NOT NULL, company_id integer,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp);

CREATE TABLE res_country (
    id integer PRIMARY KEY, name jsonb NOT NULL, code varchar(2) NOT NULL, currency_id integer, phone_code integer,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp);

CREATE TABLE res_partner (
    id integer PRIMARY KEY, company_id integer, name varchar, parent_id integer, user_id integer, state_id integer,
    country_id integer, industry_id integer, color integer, commercial_partner_id integer, ref varchar, lang varchar,
    tz varchar, vat varchar, company_registry varchar, website varchar, function varchar, type varchar, street varchar,
    street2 varchar, zip varchar, city varchar, email varchar, phone varchar, commercial_company_name varchar,
    company_name varchar, comment text, partner_latitude numeric, partner_longitude numeric, active boolean,
    employee boolean, is_company boolean, partner_share boolean, email_normalized varchar, supplier_rank integer,
    customer_rank integer,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp);

CREATE TABLE res_company (
    id integer PRIMARY KEY, name varchar NOT NULL, partner_id integer NOT NULL, currency_id integer NOT NULL,
    sequence integer, parent_id integer, email varchar, phone varchar, active boolean,
    fiscalyear_last_day integer NOT NULL, fiscalyear_last_month varchar NOT NULL, fiscalyear_lock_date date,
    logo_web bytea,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp);

CREATE TABLE account_account (
    id integer PRIMARY KEY, name jsonb NOT NULL, account_type varchar NOT NULL, currency_id integer, note text,
    reconcile boolean, non_trade boolean,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp);

CREATE TABLE account_journal (
    id integer PRIMARY KEY, name jsonb NOT NULL, code varchar(5) NOT NULL, type varchar NOT NULL,
    company_id integer NOT NULL, currency_id integer, default_account_id integer, suspense_account_id integer,
    profit_account_id integer, loss_account_id integer, sequence integer, color integer,
    invoice_reference_type varchar NOT NULL, invoice_reference_model varchar NOT NULL, active boolean,
    refund_sequence boolean, payment_sequence boolean, restrict_mode_hash_table boolean, show_on_dashboard boolean,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp);

CREATE TABLE account_tax (
    id integer PRIMARY KEY, name jsonb NOT NULL, type_tax_use varchar NOT NULL, amount_type varchar NOT NULL,
    amount numeric NOT NULL, company_id integer NOT NULL, sequence integer NOT NULL, description jsonb, active boolean,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp);

CREATE TABLE product_category (
    id integer PRIMARY KEY, name varchar NOT NULL, complete_name varchar, parent_id integer, parent_path varchar,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp);

CREATE TABLE product_template (
    id integer PRIMARY KEY, name jsonb NOT NULL, type varchar NOT NULL, default_code varchar, sequence integer,
    categ_id integer, uom_id integer NOT NULL, company_id integer, color integer, description jsonb,
    description_purchase jsonb, description_sale jsonb, list_price numeric, volume numeric, weight numeric,
    sale_ok boolean, purchase_ok boolean, active boolean,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp);

CREATE TABLE product_product (
    id integer PRIMARY KEY, product_tmpl_id integer NOT NULL, default_code varchar, barcode varchar,
    combination_indices varchar, volume numeric, weight numeric, active boolean,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp);

CREATE TABLE account_move (
    id integer, sequence_number integer, sequence_prefix varchar, journal_id integer NOT NULL, company_id integer,
    partner_id integer, commercial_partner_id integer, partner_shipping_id integer, currency_id integer NOT NULL,
    reversed_entry_id integer, invoice_user_id integer, fiscal_position_id integer, invoice_payment_term_id integer,
    name varchar, ref varchar, state varchar NOT NULL, move_type varchar NOT NULL, auto_post varchar NOT NULL,
    payment_reference varchar, payment_state varchar, invoice_partner_display_name varchar, invoice_origin varchar,
    date date NOT NULL, auto_post_until date, invoice_date date, invoice_date_due date, narration text,
    amount_untaxed numeric, amount_tax numeric, amount_total numeric, amount_residual numeric,
    amount_untaxed_signed numeric, amount_tax_signed numeric, amount_total_signed numeric,
    amount_total_in_currency_signed numeric, amount_residual_signed numeric, always_tax_exigible boolean,
    posted_before boolean, is_move_sent boolean,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp);

CREATE TABLE account_move_line (
    id integer, move_id integer NOT NULL, journal_id integer, company_id integer, company_currency_id integer,
    sequence integer, account_id integer, currency_id integer NOT NULL, partner_id integer, payment_id integer,
    tax_line_id integer, full_reconcile_id integer, product_id integer, product_uom_id integer, move_name varchar,
    parent_state varchar, ref varchar, name varchar, matching_number varchar, display_type varchar NOT NULL, date date,
    date_maturity date, analytic_distribution jsonb, debit numeric, credit numeric, balance numeric,
    amount_currency numeric, tax_base_amount numeric, amount_residual numeric, amount_residual_currency numeric,
    quantity numeric, price_unit numeric, price_subtotal numeric, price_total numeric, discount numeric,
    reconciled boolean,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp);

CREATE TABLE account_move_line_account_tax_rel (
    account_move_line_id integer NOT NULL, account_tax_id integer NOT NULL);

CREATE TABLE account_partial_reconcile (
    id integer PRIMARY KEY, debit_move_id integer NOT NULL, credit_move_id integer NOT NULL, full_reconcile_id integer,
    exchange_move_id integer, debit_currency_id integer, credit_currency_id integer, company_id integer, max_date date,
    amount numeric, debit_amount_currency numeric, credit_amount_currency numeric,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp);

CREATE TABLE account_payment (
    id integer PRIMARY KEY, move_id integer, payment_type varchar NOT NULL, partner_type varchar NOT NULL,
    partner_id integer, currency_id integer, outstanding_account_id integer, destination_account_id integer,
    payment_reference varchar, amount numeric, amount_company_currency_signed numeric, is_reconciled boolean,
    is_matched boolean,
    create_uid integer, create_date timestamp, write_uid integer, write_date timestamp);
