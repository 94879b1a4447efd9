-- Every version of a partner that Tarn has seen, from the look that brought it (__START_AT) to the one that brought the
-- next (__END_AT, empty for the current version). Saving a partner without a change opens no version.
CREATE OR REFRESH STREAMING TABLE silver.res_partner_history
COMMENT 'Customers, suppliers and their contact persons, with their former names, countries and companies';

CREATE FLOW res_partner_versions
AS AUTO CDC INTO silver.res_partner_history
FROM STREAM(res_partner_changes)
KEYS (id)
APPLY AS DELETE WHEN _op = 'delete'
SEQUENCE BY _seq
COLUMNS * EXCEPT (_op, _seq)
STORED AS SCD TYPE 2
TRACK HISTORY ON * EXCEPT (written_at);
