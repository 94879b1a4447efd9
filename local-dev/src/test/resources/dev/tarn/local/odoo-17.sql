-- Turns the demo Odoo, in tables of 19, into what Odoo 17 has of the same books. Reproduced are the differences in these
-- tables that Odoo's own models document:
-- - modules say that they are 17.0;
-- - accounts belong to one company and have their code in a text (17), instead of company_ids beside and a JSON of
--   companies and codes (18 and newer);
-- - drafts are called '/' (17), instead of having no name (18 and newer);
-- - ir_model_fields.translate is a boolean (17), instead of the name of a way to translate (19);
-- - payments are entries by inheritance, so move_id is never NULL (17), instead of having entries, perhaps (18 and newer);
-- - there are columns that 19 no longer has: account_account.deprecated and internal_group, res_company.period_lock_date,
--   product_template.detailed_type.
UPDATE ir_module_module SET latest_version = '17.0' || substr(latest_version, 5) WHERE latest_version LIKE '19.0%';

ALTER TABLE account_account ADD code varchar, ADD company_id integer, ADD deprecated boolean, ADD internal_group varchar;
UPDATE account_account
SET code = lpad((id % 100)::text, 6, '1'), company_id = id / 100, deprecated = false, internal_group = split_part(account_type, '_', 1);
ALTER TABLE account_account ALTER code SET NOT NULL, ALTER company_id SET NOT NULL;

UPDATE account_move SET name = '/' WHERE name IS NULL;
UPDATE account_move_line SET move_name = '/' WHERE move_name IS NULL;

ALTER TABLE ir_model_fields ALTER translate TYPE boolean USING translate IS NOT NULL;

ALTER TABLE account_payment ALTER move_id SET NOT NULL;

ALTER TABLE res_company ADD period_lock_date date;

ALTER TABLE product_template ADD detailed_type varchar;
UPDATE product_template SET detailed_type = type;
