package dev.tarn.connect.odoo.api;

import static java.util.Objects.requireNonNull;

import dev.tarn.connect.Finding;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Tries everything that reading a source through Odoo's API needs, and looks for what makes it slow or risky. */
public final class ApiExamination {

    private static final List<String> CHANGES = List.of("write", "create", "unlink");

    private final ApiAccess access;
    private final TableSource source;
    private final List<Finding> findings = new ArrayList<>();

    public ApiExamination(ApiAccess access) {
        this.access = requireNonNull(access, "access");
        this.source = access.source();
    }

    /** Examines the source; what keeps it from being read comes first. */
    public List<Finding> run() {
        try {
            OdooRecords records = access.open();
            int tables = source.tables().size();
            findings.add(Finding.ok(access.info(records) + ", " + tables + (tables == 1 ? " table" : " tables")));
            models(records);
            protocol(records.api());
        } catch (TarnException refusal) {
            failed(refusal.problems());
        }
        return List.copyOf(findings);
    }

    private void models(OdooRecords records) {
        List<Problem> problems = new ArrayList<>();
        Map<TableSource.Table, String> models = new ModelNames(source, records).find(problems);
        List<String> undated = new ArrayList<>();
        List<String> changeable = new ArrayList<>();
        models.forEach((table, model) -> {
            try {
                ModelPlan plan = new ModelPlanner(source, table, model, records.fields(model)).plan(null, null);
                if (!plan.dated()) {
                    undated.add(model);
                }
                if (CHANGES.stream().anyMatch(operation -> records.may(operation, model))) {
                    changeable.add(model);
                }
            } catch (TarnException refusal) {
                problems.addAll(refusal.problems());
            }
        });
        failed(problems);
        dates(undated);
        rights(changeable);
    }

    private void failed(List<Problem> problems) {
        problems.stream()
                .map(problem -> isRight(problem)
                        ? new Problem(
                                problem.code(),
                                null,
                                problem.what(),
                                problem.mend() + " All rights: tarn odoo grants --source " + source.name())
                        : problem)
                .map(Finding::fail)
                .forEach(findings::add);
    }

    private boolean isRight(Problem problem) {
        return problem.code() == ErrorCode.SOURCE_LOGIN_REFUSED
                && problem.what().contains(access.user() + " may not read ");
    }

    private void dates(List<String> undated) {
        if (!undated.isEmpty()) {
            findings.add(Finding.warn(
                    String.join(", ", undated) + (undated.size() == 1 ? " has" : " have") + " no write_date that "
                            + access.user() + " sees: every look reads all records",
                    "Look less often: schedule: { every: 1h } at "
                            + (undated.size() == 1 ? "the table." : "these tables.")));
        }
    }

    /** A user that may write is more than a reader needs. */
    private void rights(List<String> changeable) {
        if (!changeable.isEmpty()) {
            findings.add(Finding.warn(
                    "the user " + access.user() + " may change " + String.join(", ", changeable) + "; Tarn only reads",
                    "Make a user of its own: tarn odoo grants --source " + source.name() + " --user tarn_reader"));
        }
    }

    private void protocol(OdooApi api) {
        if (api instanceof JsonRpcApi && api.version().major() >= OdooApi.FIRST_WITH_JSON2) {
            findings.add(Finding.warn(
                    "it takes the secret for a password and is asked by JSON-RPC, which Odoo 20 no longer has",
                    "Set the secret " + api.login().secret().name() + " to an API key of " + access.user()
                            + " (in Odoo: My Profile, Account Security, New API Key)."));
        }
    }
}
