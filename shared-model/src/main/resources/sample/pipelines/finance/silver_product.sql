-- Names are translated: bronze has all languages (name, JSON) and beside it the source's own, else English (name_text).
CREATE OR REFRESH MATERIALIZED VIEW silver.product
COMMENT 'Products that can be sold, one row per variant'
AS WITH variant AS (
  SELECT * FROM bronze.product_product
  QUALIFY row_number() OVER (PARTITION BY id ORDER BY _seq DESC) = 1
), template AS (
  SELECT * FROM bronze.product_template
  QUALIFY row_number() OVER (PARTITION BY id ORDER BY _seq DESC) = 1
)
SELECT
  v.id,
  v.default_code AS sku,
  t.name_text    AS product,
  v.active
FROM variant v
JOIN template t ON t.id = v.product_tmpl_id
WHERE v._op <> 'delete' AND t._op <> 'delete';
