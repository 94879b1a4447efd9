package dev.tarn.engine.storage.azure;

import com.azure.core.exception.ClientAuthenticationException;
import com.azure.core.http.HttpHeaderName;
import com.azure.storage.blob.models.BlobErrorCode;
import com.azure.storage.blob.models.BlobStorageException;
import dev.tarn.engine.storage.FileChangedException;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * What a failed call means. The library's own exceptions end here: their messages repeat what the service answered, and
 * that can hold the request's signature.
 */
final class Failures {

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int TOO_MANY = 429;
    private static final int SERVER_FAILED = 500;

    /** All that says that there is a blob already, or another content than the one named. */
    private static final Set<BlobErrorCode> EXISTS =
            Set.of(BlobErrorCode.BLOB_ALREADY_EXISTS, BlobErrorCode.CONDITION_NOT_MET);

    private final AzureAddress address;

    Failures(AzureAddress address) {
        this.address = address;
    }

    static boolean isExists(BlobStorageException e) {
        return EXISTS.contains(code(e));
    }

    static boolean isAbsent(BlobStorageException e) {
        return BlobErrorCode.BLOB_NOT_FOUND.equals(code(e));
    }

    static BlobErrorCode code(BlobStorageException e) {
        BlobErrorCode code = e.getErrorCode();
        return code == null ? BlobErrorCode.fromString("Status" + e.getStatusCode()) : code;
    }

    /**
     * The exception that {@link dev.tarn.engine.storage.Storage} promises for it.
     *
     * @throws TarnException STORAGE_UNAVAILABLE, LAKE_ACCESS_REFUSED or CONFIGURATION_INVALID
     */
    IOException of(String path, RuntimeException failure) {
        if (!(failure instanceof BlobStorageException refusal)) {
            throw withoutAnswer(path, failure);
        }
        int status = refusal.getStatusCode();
        BlobErrorCode code = code(refusal);
        if (BlobErrorCode.BLOB_NOT_FOUND.equals(code)) {
            return new NoSuchFileException(path);
        }
        if (BlobErrorCode.INVALID_RANGE.equals(code)) {
            return new EOFException(path + " ends before the part that was asked for");
        }
        if (BlobErrorCode.CONDITION_NOT_MET.equals(code)) {
            return new FileChangedException(path);
        }
        if (BlobErrorCode.CONTAINER_NOT_FOUND.equals(code)) {
            throw new TarnException(
                    ErrorCode.CONFIGURATION_INVALID,
                    "The storage account " + address.account() + " has no container '"
                            + BlobPath.of(path).container() + "'.",
                    "Make the containers landing, bronze, silver, gold and tarn in it, as infra-bicep does.");
        }
        if (status == UNAUTHORIZED || status == FORBIDDEN) {
            throw refused(code);
        }
        if (status == TOO_MANY || status >= SERVER_FAILED) {
            throw unavailable(
                    "answers " + code + " (status " + status + "), also when asked again" + pauseAskedFor(refusal));
        }
        return new IOException("the storage account " + address.account() + " answers " + code + " (status " + status
                + ") to " + path);
    }

    private RuntimeException withoutAnswer(String path, RuntimeException failure) {
        if (failure instanceof TarnException) {
            return failure;
        }
        Throwable root = failure;
        while (root.getCause() != null
                && !(root instanceof ClientAuthenticationException || root instanceof ConnectException)) {
            root = root.getCause();
        }
        // Without the words of others: those may repeat a URL with its signature.
        String kind = root.getClass().getSimpleName();
        if (root instanceof ClientAuthenticationException) {
            return notSignedIn(kind);
        }
        boolean silence = root instanceof IOException
                || root instanceof TimeoutException
                || root instanceof InterruptedException
                || root instanceof UnresolvedAddressException;
        return silence
                ? unavailable("did not answer: " + kind + ", also when asked again")
                : new IllegalStateException("the storage library failed at " + path + ": " + kind + " at "
                        + Arrays.stream(root.getStackTrace()).findFirst());
    }

    private TarnException refused(BlobErrorCode code) {
        return new TarnException(
                ErrorCode.LAKE_ACCESS_REFUSED,
                "The storage account " + address.account() + " refuses this " + address.login() + ": " + code + ".",
                mendRefusal());
    }

    private String mendRefusal() {
        if (address.login() instanceof AzureLogin.ManagedIdentity) {
            return "Give the identity the role Storage Blob Data Contributor on the account.";
        }
        return address.login() instanceof AzureLogin.AzureCli
                ? "Give whom az account show names the role Storage Blob Data Contributor on the storage account "
                        + address.account() + "; a new role takes some minutes."
                : "Renew the key or signature; a signature needs the rights to read, add, create, write, delete"
                        + " and list in containers and blobs. An identity with the role Storage Blob Data"
                        + " Contributor needs neither.";
    }

    private TarnException notSignedIn(String kind) {
        return new TarnException(
                ErrorCode.LAKE_ACCESS_REFUSED,
                "This process got no token to enter the storage account " + address.account() + " as a "
                        + address.login() + ": " + kind + ".",
                address.login() instanceof AzureLogin.AzureCli
                        ? "Install Azure CLI, sign in with az login, and try again. The login needs the role Storage Blob"
                                + " Data Contributor on the storage account."
                        : "Give the function app an identity with the role Storage Blob Data Contributor on the account. Elsewhere"
                                + " than in Azure, add a shared access signature to the address of the lake.");
    }

    /** How long the service wants to be left alone, which was longer than anybody waited. */
    private static String pauseAskedFor(BlobStorageException refusal) {
        String seconds =
                refusal.getResponse() == null ? null : refusal.getResponse().getHeaderValue(HttpHeaderName.RETRY_AFTER);
        return seconds != null && seconds.matches("\\d{1,9}")
                ? ", and wants no request for " + seconds + " seconds"
                : "";
    }

    private TarnException unavailable(String how) {
        return new TarnException(
                ErrorCode.STORAGE_UNAVAILABLE,
                "The storage account " + address.account() + " " + how + ".",
                "Nothing is lost and the same call may succeed later. If it lasts, look at the account's network rules"
                        + " and at Azure's status.");
    }
}
