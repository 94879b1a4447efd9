package dev.tarn.engine.storage;

import java.io.IOException;

/** A {@link FaultyStorage} did as its plan says. */
public final class InjectedFaultException extends IOException {

    private static final long serialVersionUID = 1L;

    InjectedFaultException(String what, StorageCall call) {
        super("injected: " + what + " " + call);
    }
}
