-- @id cast_decimal_rounds
SELECT order_id, CAST(amount AS DECIMAL(9,1)) a, CAST(amount AS DECIMAL(8,0)) b, CAST(amount AS DECIMAL(20,4)) c FROM orders
-- @id cast_decimal_rounds_half
SELECT CAST(1.25 AS DECIMAL(3,1)) a, CAST(-1.25 AS DECIMAL(3,1)) b, CAST(0.5 AS DECIMAL(2,0)) c, CAST(-0.5 AS DECIMAL(2,0)) d, CAST(2.445 AS DECIMAL(3,2)) e, CAST(CAST(8302.449000000000000000 AS DECIMAL(38,18)) AS DECIMAL(18,3)) f, CAST(CAST(8302.4495 AS DECIMAL(38,18)) AS DECIMAL(18,3)) g, CAST(CAST(99999999999999999999.999999999999999999 AS DECIMAL(38,18)) AS DECIMAL(21,0)) h
-- @id cast_decimal_overflow
SELECT CAST(amount AS DECIMAL(3,2)) a FROM orders
-- @id cast_integers
SELECT CAST(qty AS BIGINT) a, CAST(qty AS SMALLINT) b, CAST(qty AS TINYINT) c, CAST(order_id AS INT) d, CAST(qty AS DECIMAL(5,1)) e, CAST(order_id AS DECIMAL(20,0)) f FROM orders
-- @id cast_integer_overflow
SELECT CAST(qty * 100 AS TINYINT) a FROM orders
-- @id cast_integer_to_narrow_decimal
SELECT CAST(customer_id AS DECIMAL(1,0)) a FROM orders
-- @id cast_to_string
SELECT CAST(order_id AS STRING) a, CAST(qty AS STRING) b, CAST(order_date AS STRING) c, CAST(qty > 2 AS STRING) d, qty::STRING e FROM orders
-- @id cast_null
SELECT CAST(NULL AS DECIMAL(10,2)) a, CAST(NULL AS DATE) b, CAST(NULL AS STRING) c FROM orders
-- @id decimal_sums
SELECT customer_id, sum(amount) a, sum(CAST(amount AS DECIMAL(38,18))) b, -sum(amount) c, coalesce(sum(amount), 0) d, coalesce(-sum(amount) FILTER (WHERE status = 'REFUND'), 0) e, min(amount) f, max(amount) g FROM orders GROUP BY customer_id
-- @id integer_sums
SELECT sum(qty) a, sum(order_id) b, min(qty) c, max(qty) d, count(qty) e, count(*) f, count(1) g, count(DISTINCT customer_id) h, sum(DISTINCT customer_id) i FROM orders
-- @id sum_of_nothing
SELECT sum(qty) a, count(*) b, min(order_date) c, coalesce(sum(amount), 0) d FROM orders WHERE order_id > 100
-- @id decimal_arithmetic
SELECT order_id, amount + 1 a, amount - 1.5 b, amount * 2 c, amount * 1.10 d, amount + qty e, amount - order_id f, amount * amount g, -amount h, abs(amount) i, amount + amount j, 1 - amount k, 10L * amount l FROM orders
-- @id integer_arithmetic
SELECT qty + 1 a, qty - order_id b, qty * qty c, -qty d, abs(qty) e, qty + 3000000000 f, CAST(qty AS SMALLINT) + CAST(1 AS SMALLINT) g, CAST(qty AS TINYINT) * 2 h, -7 i, +qty j FROM orders
-- @id smallint_overflow
SELECT CAST(30000 AS SMALLINT) + CAST(qty * 1000 AS SMALLINT) a FROM orders
-- @id bigint_overflow
SELECT order_id * 9000000000000000000 a FROM orders
-- @id abs_minimum
SELECT abs(CAST(-128 AS TINYINT)) a
-- @id comparisons
SELECT order_id, amount > 100 a, amount = 100.10 b, amount <> 250.550 c, qty >= 3 d, qty < order_id e, status = 'PAID' f, status > 'NEW' g, order_date >= DATE'2024-02-29' h, qty = amount i, amount <= customer_id j, qty <=> NULLIF(qty, 3) k, status <=> 'PAID' l, qty != 3 m, qty == 3 n FROM orders
-- @id boolean_logic
SELECT order_id, (qty > 2 AND status = 'PAID') a, (qty > 2 OR amount > 0) b, NOT (qty > 2) c, (qty > 2) = (amount > 0) d, qty IS NULL AND status IS NULL e FROM orders
-- @id null_tests
SELECT order_id, qty IS NULL a, qty IS NOT NULL b, qty IS DISTINCT FROM 3 c, qty IS NOT DISTINCT FROM 3 d FROM orders
-- @id in_list
SELECT order_id, status IN ('NEW', 'PAID') a, status NOT IN ('NEW', 'PAID') b, qty IN (1, 2, 3) c, amount IN (100.1, 0.05) d, amount IN (1, 250.55) e, order_date IN (DATE'2024-01-15') f, qty IN (3, NULL) g, qty NOT IN (3, NULL) h FROM orders
-- @id between
SELECT order_id, qty BETWEEN 2 AND 7 a, amount BETWEEN 0 AND 250.55 b, order_date NOT BETWEEN DATE'2024-01-01' AND DATE'2024-02-29' c, (amount BETWEEN 0 AND qty) d FROM orders WHERE qty IS NULL OR qty > -100
-- @id like_plain
SELECT order_id, note LIKE '%o_W%' a, status LIKE 'P%' b, status NOT LIKE '%D' c, note LIKE '' d, note LIKE '%ß' e, note LIKE '_mlaut%' f, status LIKE 'p%' g FROM orders
-- @id case_expressions
SELECT order_id, CASE WHEN qty > 5 THEN 'many' WHEN qty > 0 THEN 'some' END a, CASE status WHEN 'NEW' THEN 1 WHEN 'PAID' THEN 2 ELSE 0 END b, CASE WHEN qty > 5 THEN amount ELSE 0 END c, CASE WHEN qty > 5 THEN order_id ELSE qty END d, if(qty > 5, amount, 1.5) e, CASE WHEN qty > 5 THEN NULL ELSE qty END f FROM orders
-- @id null_functions
SELECT order_id, coalesce(qty, 0) a, coalesce(amount, 0) b, coalesce(status, note, 'x') c, ifnull(qty, order_id) d, nvl(status, 'none') e, nullif(status, 'NEW') f, nullif(qty, 3) g, nullif(amount, 100.1) h, coalesce(NULL, qty) i, coalesce(amount, 1.2345) j FROM orders
-- @id texts
SELECT order_id, status || '-' || note a, concat(status, '-', note) b, concat(status) c, trim(note) d, ltrim(note) e, rtrim(note) f, trim('\t x \n') g, 'it''s' h, "q" i, 'a\\b' j, 'p\%q' k, '\u00e9' l, '\101' m FROM orders
-- @id dates
SELECT order_id, year(order_date) a, month(order_date) b, day(order_date) c, CAST(date_trunc('MONTH', order_date) AS DATE) d, CAST(date_trunc('year', order_date) AS DATE) e, CAST(date_trunc('QUARTER', order_date) AS DATE) f, trunc(order_date, 'MM') g, trunc(order_date, 'YEAR') h, trunc(order_date, 'quarter') i, DATE'2024-02-29' j FROM orders
-- @id json_texts
SELECT order_id, get_json_object(payload, '$.a.b') a, get_json_object(payload, '$.n') b, get_json_object(payload, '$.missing') c, coalesce(get_json_object(payload, '$.nothing'), status) d FROM orders
-- @id json_kinds
SELECT get_json_object('{"en_US": "Desk \\"x\\" \\u00e9", "de": ""}', '$.en_US') a, get_json_object('{"de": ""}', '$.de') b, get_json_object('{"t": true, "f": false}', '$.t') c, get_json_object('plain text', '$.en_US') d, get_json_object('[old] Sales', '$.en_US') e, get_json_object('[1]', '$.a') f, get_json_object('"text"', '$.a') g, get_json_object('12', '$.a') h, get_json_object('', '$.a') i, get_json_object('{"n": 9007199254740993}', '$.n') j, get_json_object('{"n": -5}', '$.n') k, get_json_object('{"a": "x"}', '$.a.b') l, get_json_object(CAST(NULL AS STRING), '$.a') m, get_json_object('{"A": "x"}', '$.a') n
-- @id json_fraction
SELECT get_json_object(payload, '$.f') a FROM orders
-- @id json_object
SELECT get_json_object(payload, '$.a') a FROM orders
-- @id newest_rows
SELECT order_id, customer_id, status FROM orders QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY qty DESC, order_id) = 1
-- @id newest_rows_nulls
SELECT order_id FROM orders QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY qty) = 1
-- @id newest_rows_nulls_last
SELECT order_id FROM orders QUALIFY row_number() OVER (PARTITION BY customer_id ORDER BY qty ASC NULLS LAST) = 1
-- @id ranks
SELECT order_id, row_number() OVER (PARTITION BY customer_id ORDER BY amount DESC) a, rank() OVER (ORDER BY customer_id) b, dense_rank() OVER (ORDER BY customer_id DESC) c FROM orders
-- @id qualify_alias_free
SELECT customer_id, amount FROM orders WHERE amount > 0 QUALIFY rank() OVER (ORDER BY amount DESC) <= 2
-- @id group_expressions
SELECT CAST(date_trunc('MONTH', order_date) AS DATE) AS month, customer_id, count(*) AS n, sum(amount) AS total FROM orders GROUP BY 1, 2
-- @id group_by_alias
SELECT CASE WHEN qty > 2 THEN 'big' ELSE 'small' END AS size, count(*) AS n FROM orders GROUP BY size
-- @id group_by_column_before_alias
SELECT status AS customer_id, count(*) AS n FROM orders GROUP BY status
-- @id group_by_all_mixed
SELECT customer_id, status, count(*) AS cnt, sum(qty) + 1 AS s FROM orders GROUP BY ALL
-- @id group_arithmetic
SELECT customer_id + 1 AS a, (customer_id + 1) * 2 AS b, sum(qty) * 2 AS c FROM orders GROUP BY customer_id + 1
-- @id group_without_aggregate
SELECT customer_id FROM orders GROUP BY customer_id
-- @id group_nulls
SELECT status, count(*) AS n, count(status) AS m FROM orders GROUP BY status
-- @id having
SELECT customer_id, sum(amount) AS total FROM orders GROUP BY customer_id HAVING sum(amount) > 0 AND customer_id < 30
-- @id distinct_rows
SELECT DISTINCT customer_id, status = 'PAID' AS paid FROM orders
-- @id joins_left
SELECT o.order_id, c.name FROM orders o LEFT JOIN customers c ON c.id = o.customer_id
-- @id joins_right
SELECT o.order_id, c.name FROM orders o RIGHT JOIN customers c ON c.id = o.customer_id
-- @id joins_full
SELECT o.order_id, c.id FROM orders o FULL JOIN customers c ON c.id = o.customer_id AND o.qty > 2
-- @id joins_cross
SELECT o.order_id, c.id FROM orders o CROSS JOIN customers c WHERE o.order_id = 1
-- @id joins_comma
SELECT o.order_id, c.id FROM orders o, customers c WHERE o.customer_id = c.id
-- @id joins_full_using
SELECT customer_id, a.n, b.m FROM (SELECT customer_id, count(*) AS n FROM orders WHERE qty > 2 GROUP BY customer_id) a FULL JOIN (SELECT id AS customer_id, count(*) AS m FROM customers GROUP BY id) b USING (customer_id)
-- @id joins_right_using
SELECT * FROM (SELECT customer_id, count(*) AS n FROM orders GROUP BY customer_id) a RIGHT JOIN (SELECT id AS customer_id, name FROM customers) b USING (customer_id)
-- @id joins_using_star
SELECT * FROM (SELECT order_id, customer_id FROM orders) a JOIN (SELECT name, id AS customer_id FROM customers) b USING (customer_id)
-- @id joins_same_table
SELECT a.order_id AS first, b.order_id AS second FROM orders a JOIN orders b ON a.customer_id = b.customer_id AND a.order_id < b.order_id
-- @id stars
SELECT c.*, o.order_id FROM orders o JOIN customers c ON c.id = o.customer_id
-- @id with_queries
WITH a AS (SELECT customer_id, amount FROM orders), b AS (SELECT customer_id, sum(amount) AS total FROM a GROUP BY customer_id) SELECT b.customer_id, b.total, count(*) AS n FROM b JOIN a ON a.customer_id = b.customer_id GROUP BY b.customer_id, b.total
-- @id with_shadowing
WITH orders AS (SELECT order_id FROM orders WHERE order_id < 3) SELECT order_id FROM orders
-- @id with_nested
WITH a AS (SELECT 1 AS x), b AS (WITH a AS (SELECT 2 AS x) SELECT x FROM a) SELECT a.x AS p, b.x AS q FROM a CROSS JOIN b
-- @id union_all_widens
SELECT qty AS a, amount AS b FROM orders UNION ALL SELECT order_id, 1 AS one FROM orders
-- @id union_all_three
SELECT customer_id FROM orders UNION ALL SELECT id FROM customers UNION ALL SELECT 7 AS x
-- @id conditional_sums
SELECT customer_id, sum(CASE WHEN status = 'PAID' THEN amount ELSE 0 END) AS paid, count(*) FILTER (WHERE qty > 2) AS big, sum(CASE WHEN qty > 2 THEN 1 ELSE 0 END) AS n FROM orders GROUP BY customer_id
-- @id without_from
SELECT 1 AS a, 'x' AS b, 1.50 AS c, 10L AS d, true AS e, DATE'2024-01-31' AS f, 0.05 AS g, 12345678901234567890 AS h, 1.5BD AS i
-- @id backquoted
SELECT `Order_Id`, `o`.`Status` AS `the state` FROM `orders` AS `o`
-- @id negative_zero_and_scale
SELECT -0.0 AS a, 0.00 * -1 AS b, 1.0 - 1.00 AS c, 100.10 = 100.1 AS d FROM orders
-- @id ranks_over_groups
SELECT customer_id, sum(amount) AS total, row_number() OVER (ORDER BY sum(amount) DESC NULLS FIRST, customer_id) AS place FROM orders GROUP BY customer_id
-- @id ranks_with_condition
SELECT order_id, CASE WHEN row_number() OVER (PARTITION BY customer_id ORDER BY order_id) = 1 THEN 'first' ELSE 'later' END AS which FROM orders
-- @id ranks_by_text_date_boolean
SELECT order_id, row_number() OVER (ORDER BY note DESC NULLS FIRST) AS a, row_number() OVER (ORDER BY order_date) AS b, rank() OVER (ORDER BY qty > 2, order_id) AS c, row_number() OVER (ORDER BY order_ts DESC) AS d FROM orders
-- @id extremes_of_texts_and_dates
SELECT min(note) AS a, max(note) AS b, min(order_date) AS c, max(order_date) AS d, max(qty > 2) AS e, count(DISTINCT status) AS f, count(DISTINCT order_date) AS g, max(status) FILTER (WHERE qty < 0) AS h FROM orders
-- @id nested_subqueries
SELECT z.status, z.n * 2 AS twice FROM (SELECT y.status, count(*) AS n FROM (SELECT status, qty FROM orders WHERE qty IS NOT NULL) y GROUP BY y.status) z WHERE z.n >= 1
-- @id nested_joins
SELECT o.order_id, c.name, d.n FROM orders o LEFT JOIN (customers c JOIN (SELECT id, count(*) AS n FROM customers GROUP BY id) d ON d.id = c.id) ON c.id = o.customer_id
-- @id join_condition_with_null
SELECT a.order_id AS x, b.order_id AS y FROM orders a JOIN orders b ON a.status = b.status AND a.order_id <> b.order_id
-- @id join_null_safe
SELECT a.order_id AS x, c.id FROM orders a LEFT JOIN customers c ON c.country <=> a.status
-- @id wide_decimal_comparison
SELECT order_id, CAST(amount AS DECIMAL(38,18)) > 100 AS a, CAST(amount AS DECIMAL(38,18)) = amount AS b, CAST(amount AS DECIMAL(38,18)) >= order_id AS c, CAST(amount AS DECIMAL(38,18)) IN (0.05, 100.1) AS d FROM orders
-- @id wide_decimal_sum
SELECT sum(CAST(CAST(amount AS DECIMAL(38,18)) AS DECIMAL(18,2))) AS a, sum(CAST(amount AS DECIMAL(30,2))) AS b FROM orders
-- @id date_choices
SELECT order_id, coalesce(order_date, DATE'2000-01-01') AS a, CASE WHEN order_date < DATE'2024-02-01' THEN order_date ELSE NULL END AS b, nullif(order_date, DATE'2024-01-15') AS c FROM orders
-- @id where_true_false
SELECT order_id FROM orders WHERE true AND (qty > 2 OR false)
-- @id where_null
SELECT order_id FROM orders WHERE NOT (qty > 2) OR status IS NULL
-- @id filter_counts_only_true
SELECT count(*) FILTER (WHERE qty > 2) AS a, count(*) FILTER (WHERE NOT (qty > 2)) AS b, sum(amount) FILTER (WHERE status = 'NONE') AS c FROM orders
-- @id simple_case_null
SELECT order_id, CASE status WHEN 'NEW' THEN 'n' ELSE 'other' END AS a, CASE qty WHEN 3 THEN 1.5 WHEN 7 THEN 2.25 END AS b FROM orders
-- @id grouped_twice
WITH m AS (SELECT customer_id, CAST(date_trunc('MONTH', order_date) AS DATE) AS month, sum(amount) AS total FROM orders GROUP BY 1, 2) SELECT month, count(*) AS n, sum(total) AS all_months FROM m GROUP BY month HAVING sum(total) IS NOT NULL
-- @id column_before_alias_in_where
SELECT qty AS order_id, order_id AS qty FROM orders WHERE qty > 2
-- @id group_column_hidden_by_alias
SELECT qty AS status, count(*) AS n FROM orders GROUP BY qty
-- @id text_comparison_bytes
SELECT order_id, note > 'Z' AS a, note < 'ü' AS b, note >= '' AS c, note BETWEEN 'A' AND 'a' AS d FROM orders
-- @id json_blank_before
SELECT get_json_object(' {"a": "x"}', '$.a') AS a, get_json_object('  plain', '$.a') AS b, get_json_object('{"a": " x "}', '$.a') AS c, get_json_object('{"a": "line\\nbreak"}', '$.a') AS d, get_json_object('{"a_b1": "y"}', '$.a_b1') AS e
-- @id json_broken_object
SELECT get_json_object(concat(' ', substr_free, '{"a": "x"'), '$.a') AS a FROM (SELECT '' AS substr_free FROM orders) s
-- @id arithmetic_of_sums
SELECT customer_id, sum(amount) + sum(qty) AS a, sum(amount) - count(*) AS b, sum(qty) * 2 AS c, coalesce(sum(amount), 0) - coalesce(sum(amount) FILTER (WHERE qty > 2), 0) AS d FROM orders GROUP BY customer_id
-- @id many_digits
SELECT CAST(amount AS DECIMAL(18,2)) * CAST(1.123456 AS DECIMAL(18,6)) AS a, CAST(amount AS DECIMAL(18,2)) + CAST(0.000001 AS DECIMAL(18,6)) AS b, CAST(amount * 1000000 AS DECIMAL(20,2)) AS c FROM orders
