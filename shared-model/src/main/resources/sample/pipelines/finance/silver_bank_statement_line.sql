-- One row per line of a bank statement, however often its file was dropped: of lines with the same number the newest counts.
CREATE TEMPORARY VIEW bank_statement_changes (
  CONSTRAINT has_number    EXPECT (account IS NOT NULL AND statement IS NOT NULL AND line IS NOT NULL) ON VIOLATION DROP ROW,
  CONSTRAINT has_amount    EXPECT (booked_on IS NOT NULL AND amount IS NOT NULL),
  CONSTRAINT known_account EXPECT (company_id IS NOT NULL)
)
AS SELECT
  account,
  statement,
  line,
  CASE account WHEN 'PH-0012-3456' THEN 1 WHEN 'US-7700-0815' THEN 2 END  AS company_id,  -- whose account it is
  booked_on,
  amount,
  currency,
  counterparty,
  reference,
  _file                                                                   AS file,
  _op,
  _seq
FROM STREAM(bronze.bank_statement);

CREATE OR REFRESH STREAMING TABLE silver.bank_statement_line
COMMENT 'Lines of bank statements, as the bank booked them'
CLUSTER BY (booked_on);

CREATE FLOW bank_statement_line_current
AS AUTO CDC INTO silver.bank_statement_line
FROM STREAM(bank_statement_changes)
KEYS (account, statement, line)
APPLY AS DELETE WHEN _op = 'delete'
SEQUENCE BY _seq
COLUMNS * EXCEPT (_op, _seq)
STORED AS SCD TYPE 1;
