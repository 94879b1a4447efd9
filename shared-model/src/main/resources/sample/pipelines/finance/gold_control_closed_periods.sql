-- What changed in periods that were closed by then. Closed is what lies on or before the company's lock date as an earlier
-- look found it. A change is one of what was booked: payments of old invoices and corrected references are none.
CREATE OR REFRESH MATERIALIZED VIEW gold.control_closed_periods (
  company_id   INT            COMMENT 'res_company.id',
  move_id      INT            COMMENT 'account_move.id',
  move_name    STRING         COMMENT 'Number of the entry',
  change       STRING         COMMENT 'entered, changed or deleted',
  seen_at      TIMESTAMP      COMMENT 'When the look began that found it',
  lock_date    DATE           COMMENT 'Lock date of the company at that time',
  date_before  DATE           COMMENT 'Accounting date before the change',
  move_date    DATE           COMMENT 'Accounting date after it, or of the deleted entry',
  state_before STRING         COMMENT 'State before the change',
  state        STRING         COMMENT 'State after it, or of the deleted entry',
  total_before DECIMAL(18,2)  COMMENT 'With tax, in company currency, before the change',
  total        DECIMAL(18,2)  COMMENT 'With tax, in company currency, after it, or of the deleted entry',
  CONSTRAINT closed_periods_stay EXPECT (change IS NULL)
)
COMMENT 'Changes of posted entries in closed periods since they were first seen; must be empty'
AS WITH version AS (
  SELECT
    id, name, state, date, journal_id, company_id, amount_untaxed_signed, amount_total_signed, write_date, _op, _seq, _extracted_at,
    row_number() OVER (PARTITION BY id ORDER BY _seq) AS number
  FROM bronze.account_move
), step AS (
  SELECT
    v.id, v.name, v.company_id, v._op, v._seq, v._extracted_at,
    b.date                 AS date_before,
    v.date                 AS date_after,
    b.state                AS state_before,
    v.state                AS state_after,
    b.amount_total_signed  AS total_before,
    v.amount_total_signed  AS total_after,
    CASE WHEN v._op = 'delete' THEN 'deleted'
         WHEN b.id IS NULL OR b._op = 'delete' THEN 'entered'
         ELSE 'changed' END AS change,
    -- A first version can be older than the look that brought it: then its period was open.
    CASE WHEN b.id IS NULL THEN v.write_date END AS entered_at
  FROM version v
  LEFT JOIN version b ON b.id = v.id AND b.number = v.number - 1
  WHERE b.id IS NULL
     OR v._op <> b._op
     OR v.state IS DISTINCT FROM b.state
     OR v.date IS DISTINCT FROM b.date
     OR v.journal_id IS DISTINCT FROM b.journal_id
     OR v.amount_untaxed_signed IS DISTINCT FROM b.amount_untaxed_signed
     OR v.amount_total_signed IS DISTINCT FROM b.amount_total_signed
), judged AS (
  SELECT
    s.id, s.name, s.company_id, s.change, s._extracted_at, s.date_before, s.date_after, s.state_before, s.state_after,
    s.total_before, s.total_after,
    c.fiscalyear_lock_date AS lock_date
  FROM step s
  JOIN bronze.res_company c ON c.id = s.company_id AND c._extracted_at < s._extracted_at
  WHERE s.entered_at IS NULL OR s.entered_at > c._extracted_at
  QUALIFY row_number() OVER (PARTITION BY s.id, s._seq ORDER BY c._seq DESC) = 1
)
SELECT
  company_id,
  id                                   AS move_id,
  name                                 AS move_name,
  change,
  _extracted_at                        AS seen_at,
  lock_date,
  date_before,
  date_after                           AS move_date,
  state_before,
  state_after                          AS state,
  CAST(total_before AS DECIMAL(18,2))  AS total_before,
  CAST(total_after AS DECIMAL(18,2))   AS total
FROM judged
WHERE (state_before = 'posted' AND date_before <= lock_date)
   OR (state_after = 'posted' AND date_after <= lock_date);
