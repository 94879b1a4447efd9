package dev.tarn.local.cli;

import dev.tarn.connect.Finding;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.azure.LakeAddress;
import dev.tarn.local.run.AppHealth;
import dev.tarn.model.Layer;
import dev.tarn.model.Plan;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Tries the lake of a target that is in a storage account: what may be done there, what runs there, and its app. */
record LakeExamination(Elsewhere elsewhere) {

    /** Nothing but an examination has files there, and no event is sent for them. */
    private static final String TRIAL = "tarn/doctor/";

    /** Whether the storage can be entered, listed and written. Whatever is written is deleted. */
    List<Finding> storage() {
        Storage storage = new LakeAddress.Account(elsewhere.address()).open();
        List<Finding> findings = new ArrayList<>();
        try {
            for (Layer layer : Layer.values()) {
                storage.list(layer.folder(), "");
            }
            String trial = TRIAL + UUID.randomUUID();
            storage.put(trial, new byte[] {1});
            storage.read(trial);
            storage.delete(trial);
            findings.add(Finding.ok(
                    elsewhere + ", entered by " + elsewhere.address().login() + ", can be read and written"));
        } catch (TarnException refusal) {
            refusal.problems().forEach(problem -> findings.add(Finding.fail(problem)));
        } catch (IOException e) {
            findings.add(new Finding(
                    Finding.Level.FAIL,
                    elsewhere + " cannot be used: " + e.getClass().getSimpleName(),
                    "Try again; if it lasts, look at the account in Azure."));
        }
        return findings;
    }

    /** What runs there, beside the project as it is compiled now. */
    Finding plan(Plan project, Optional<Plan> deployed) {
        String mend = "Put the project there with tarn deploy" + elsewhere.option() + ".";
        if (deployed.isEmpty()) {
            return Finding.warn("no plan runs on the lake", mend);
        }
        String hash = AppHealth.shortened(deployed.get().hash());
        return deployed.get().hash().equals(project.hash())
                ? Finding.ok("the plan " + hash + " runs, which is the project")
                : Finding.warn("the plan " + hash + " runs, which is not the project as it is here", mend);
    }

    /** How the app of the target is, which alone sees its own secrets. */
    List<Finding> app(@Nullable URI app, Optional<Plan> deployed) {
        if (app == null) {
            return List.of(Finding.warn(
                    "target " + elsewhere.target() + " names no app, so its secrets were not looked at",
                    "Write app: https://<app>.azurewebsites.net into the target of tarn.yml."));
        }
        AppHealth.Answer answer;
        try {
            answer = new AppHealth(app).ask();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
        if (!answer.problems().isEmpty()) {
            return answer.problems().stream().map(Finding::fail).toList();
        }
        return deployed.map(Plan::hash)
                        .filter(hash -> hash.equals(answer.plan()))
                        .isPresent()
                ? List.of(Finding.ok(app + " is well, " + answer.said() + " and has its secrets"))
                : List.of(new Finding(
                        Finding.Level.FAIL,
                        app + " " + answer.said(),
                        "Look at its log; it works on the lake that its setting TARN_LAKE names."));
    }
}
