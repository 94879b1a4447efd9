CREATE OR REFRESH MATERIALIZED VIEW gold.top_products (
  company_id  INT            COMMENT 'res_company.id',
  place       INT            COMMENT '1 is the product with the highest revenue in the company',
  product_id  INT            COMMENT 'product_product.id',
  product     STRING         COMMENT 'Name of the product in the language of the source',
  revenue     DECIMAL(28,2)  COMMENT 'Untaxed, in company currency, refunds deducted, of all time'
)
COMMENT 'The ten products with the highest revenue, per company'
AS WITH by_product AS (
  SELECT
    m.company_id,
    l.product_id,
    -sum(l.balance) AS revenue
  FROM silver.account_move_line l
  JOIN silver.account_move m ON m.id = l.move_id
  WHERE m.state = 'posted'
    AND m.move_type IN ('out_invoice', 'out_refund', 'out_receipt')
    AND l.display_type = 'product'
    AND l.product_id IS NOT NULL
  GROUP BY m.company_id, l.product_id
), placed AS (
  SELECT
    company_id,
    product_id,
    revenue,
    row_number() OVER (PARTITION BY company_id ORDER BY revenue DESC, product_id) AS place
  FROM by_product
)
SELECT
  r.company_id,
  r.place,
  r.product_id,
  p.product,
  r.revenue
FROM placed r
LEFT JOIN silver.product p ON p.id = r.product_id
WHERE r.place <= 10;
