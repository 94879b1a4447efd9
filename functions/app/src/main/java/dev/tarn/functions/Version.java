package dev.tarn.functions;

import java.util.Optional;

/** Which Tarn this is. */
final class Version {

    /** As the jar says it; {@code unpacked} outside of one. */
    static final String TEXT = Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
            .orElse("unpacked");

    private Version() {}
}
