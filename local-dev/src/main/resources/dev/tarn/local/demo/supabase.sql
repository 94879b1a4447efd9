-- The tables that the sample project publishes to, as a portal's owner would make them.
CREATE SCHEMA reporting;

CREATE TABLE reporting.monthly_revenue (
    month date NOT NULL,
    company_id integer NOT NULL,
    currency text NOT NULL,
    invoices bigint NOT NULL,
    invoiced numeric(28, 2) NOT NULL,
    refunded numeric(28, 2) NOT NULL,
    revenue numeric(28, 2) NOT NULL,
    PRIMARY KEY (company_id, month));

CREATE TABLE reporting.receivables_by_partner (
    company_id integer NOT NULL,
    partner_id integer NOT NULL,
    partner text,
    open_amount numeric(28, 2) NOT NULL,
    oldest_due_date date,
    open_invoices bigint NOT NULL,
    PRIMARY KEY (company_id, partner_id));

GRANT CREATE ON DATABASE supabase TO tarn_writer;
GRANT USAGE ON SCHEMA reporting TO tarn_writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA reporting TO tarn_writer;
