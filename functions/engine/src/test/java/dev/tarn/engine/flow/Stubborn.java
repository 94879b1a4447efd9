package dev.tarn.engine.flow;

import dev.tarn.engine.storage.InjectedFaultException;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.nio.file.FileAlreadyExistsException;
import java.util.Set;

/** Calls over a storage that fails. Only what such a storage may cause is borne. */
final class Stubborn {

    private static final int MOST = 1_000;
    private static final Set<ErrorCode> STORAGE = Set.of(ErrorCode.LAKE_NOT_WRITABLE);

    private Stubborn() {}

    /** Whether the call came to its end. */
    static boolean once(Runnable call) {
        try {
            call.run();
            return true;
        } catch (RuntimeException e) {
            if (!isOfStorage(e)) {
                throw e;
            }
            return false;
        }
    }

    static void until(Runnable call) {
        for (int attempt = 0; attempt < MOST; attempt++) {
            if (once(call)) {
                return;
            }
        }
        throw new AssertionError("failed " + MOST + " times");
    }

    private static boolean isOfStorage(RuntimeException failure) {
        boolean injected = failure instanceof TarnException refusal && STORAGE.contains(refusal.code());
        for (Throwable cause = failure; cause != null && !injected; cause = cause.getCause()) {
            injected = cause instanceof InjectedFaultException || cause instanceof FileAlreadyExistsException;
        }
        return injected;
    }
}
