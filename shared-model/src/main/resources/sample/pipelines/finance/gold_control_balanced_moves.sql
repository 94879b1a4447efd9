-- Debit equals credit in every posted entry. Whatever stands here breaks the ledger: the table must be empty.
CREATE OR REFRESH MATERIALIZED VIEW gold.control_balanced_moves (
  company_id  INT            COMMENT 'res_company.id',
  move_id     INT            COMMENT 'account_move.id',
  move_name   STRING         COMMENT 'Number of the entry',
  move_date   DATE           COMMENT 'Accounting date',
  debit       DECIMAL(28,2)  COMMENT 'Of all its lines, in company currency',
  credit      DECIMAL(28,2)  COMMENT 'Of all its lines, in company currency',
  CONSTRAINT debit_equals_credit EXPECT (debit = credit)
)
COMMENT 'Posted entries whose debit is not their credit; must be empty'
AS SELECT
  m.company_id,
  m.id           AS move_id,
  m.move_name,
  m.move_date,
  sum(l.debit)   AS debit,
  sum(l.credit)  AS credit
FROM silver.account_move m
JOIN silver.account_move_line l ON l.move_id = m.id
WHERE m.state = 'posted'
GROUP BY m.company_id, m.id, m.move_name, m.move_date
HAVING sum(l.debit) <> sum(l.credit) OR sum(l.balance) <> 0;
