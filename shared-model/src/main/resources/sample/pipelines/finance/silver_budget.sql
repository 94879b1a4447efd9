CREATE OR REFRESH MATERIALIZED VIEW silver.budget (
  CONSTRAINT has_key      EXPECT (company_id IS NOT NULL AND account IS NOT NULL) ON VIOLATION DROP ROW,
  CONSTRAINT has_amount   EXPECT (amount IS NOT NULL) ON VIOLATION DROP ROW,
  CONSTRAINT starts_month EXPECT (month = CAST(date_trunc('MONTH', month) AS DATE)) ON VIOLATION DROP ROW
)
COMMENT 'The budget as of the newest file'
AS SELECT
  company_id,
  month,
  trim(account)  AS account,
  amount,
  note
FROM bronze.budget;
