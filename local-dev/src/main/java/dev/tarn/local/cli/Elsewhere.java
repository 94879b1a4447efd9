package dev.tarn.local.cli;

import static java.util.Objects.requireNonNull;

import dev.tarn.compiler.ProjectSettings;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureLogin;
import dev.tarn.engine.storage.azure.LakeAddress;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.util.Map;

/**
 * The lake of a target that is in a storage account, where apps work on it.
 *
 * @param address with the way in, which is never shown
 * @param target name of the target
 */
record Elsewhere(AzureAddress address, String target) {

    /** As of the app: the lake's address with what lets one in. */
    private static final String LAKE = "TARN_LAKE";

    private static final String IDENTITY = "TARN_IDENTITY";

    Elsewhere {
        requireNonNull(address, "address");
        requireNonNull(target, "target");
    }

    /**
     * The storage account {@code named} by a target, to be entered as the environment says, else by the login of Azure CLI.
     *
     * @throws TarnException CONFIGURATION_INVALID when the environment speaks of another lake
     */
    static Elsewhere of(ProjectSettings.Target target, AzureAddress named, Map<String, String> environment) {
        String text = environment.getOrDefault(LAKE, "").strip();
        if (text.isEmpty()) {
            if (!named.endpoint().getScheme().equals("https")) {
                throw new TarnException(
                        ErrorCode.CONFIGURATION_INVALID,
                        "Nothing says how to enter the lake of target " + target.name() + ", " + named
                                + ": a login of Azure CLI goes to https only.",
                        "Set " + LAKE + " to the connection string of the account.");
            }
            return new Elsewhere(named.as(new AzureLogin.AzureCli()), target.name());
        }
        LakeAddress entered = parse(
                text,
                LAKE,
                "Set it to the address of target " + target.name() + " with a shared"
                        + " access signature or to the account's connection string, or unset it to enter as az login does.");
        if (!(entered instanceof LakeAddress.Account account)
                || !account.address().endpoint().equals(named.endpoint())) {
            throw new TarnException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "The lake of target " + target.name() + " is " + named + ", and " + LAKE + " is the way into "
                            + entered + ".",
                    "Set " + LAKE + " to the way into this lake, or unset it to enter as az login does.");
        }
        AzureAddress address = account.address();
        String identity = environment.getOrDefault(IDENTITY, "").strip();
        return new Elsewhere(
                identity.isEmpty() || !(address.login() instanceof AzureLogin.ManagedIdentity)
                        ? address
                        : address.as(identity),
                target.name());
    }

    /** Reads an address; a refusal begins with {@code where} it stands. */
    static LakeAddress parse(String text, String where, String mend) {
        try {
            return LakeAddress.parse(text);
        } catch (TarnException e) {
            throw new TarnException(
                    e.problems().stream()
                            .map(problem -> new Problem(
                                    problem.code(), problem.position(), where + ": " + problem.what(), mend))
                            .toList(),
                    null);
        }
    }

    /** Words to be added to a command that is about this lake. */
    String option() {
        return " --target " + target;
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
