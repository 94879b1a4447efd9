package dev.tarn.local;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tarn.azurite.Azurite;
import dev.tarn.engine.storage.Storage;
import dev.tarn.engine.storage.azure.AzureAddress;
import dev.tarn.engine.storage.azure.AzureBlobStorage;
import dev.tarn.local.cli.TarnRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A storage account of a real Azurite that is the lake of target {@code prod} of a project. */
record AccountOfLake(SampleCopy project, String connection) {

    private static final String LOCAL = "local: { lake: ./.lake, default: true }";

    /** An empty account. */
    static AccountOfLake of(SampleCopy project) throws IOException {
        assumeTrue(Azurite.missing().isEmpty(), () -> Azurite.missing().orElseThrow());
        AccountOfLake account = new AccountOfLake(project, Azurite.shared().newLake());
        project.change("tarn.yml", LOCAL, LOCAL + "\n  prod: { lake: \"" + account.address() + "\" }");
        return account;
    }

    /** An account that holds what the project's own lake holds. */
    static AccountOfLake filled(SampleCopy project) throws IOException {
        AccountOfLake account = of(project);
        Storage storage = account.storage();
        Path lake = project.folder().resolve(".lake");
        for (String container : List.of("bronze", "silver", "gold", "tarn")) {
            try (Stream<Path> files = Files.walk(lake.resolve(container))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    storage.put(lake.relativize(file).toString(), Files.readAllBytes(file));
                }
            }
        }
        return account;
    }

    String address() {
        return AzureAddress.parse(connection).toString();
    }

    Storage storage() {
        return AzureBlobStorage.open(AzureAddress.parse(connection));
    }

    /** Runs a command on the target. */
    TarnRun tarn(String... arguments) {
        return tarn(Map.of("TARN_LAKE", connection), arguments);
    }

    TarnRun tarn(Map<String, String> environment, String... arguments) {
        String[] all = Stream.concat(Stream.of(arguments), Stream.of("--target", "prod"))
                .toArray(String[]::new);
        TarnRun run = TarnRun.of(project.folder(), environment, all);
        // A machine that is busy takes more than a second for a flow, and that is said.
        return new TarnRun(run.exitCode(), run.out(), run.err().replaceAll("(?m)^ \\.\\.\\. .*\n", ""));
    }

    /** The hash that the lake's pointer names, as people read it. */
    String plan() throws IOException {
        return new String(storage().read("tarn/plans/current"), java.nio.charset.StandardCharsets.UTF_8)
                .substring(0, 12);
    }
}
