package dev.tarn.engine.delta;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.exceptions.UnsupportedProtocolVersionException;
import io.delta.kernel.exceptions.UnsupportedTableFeatureException;
import io.delta.kernel.internal.util.FileNames;
import java.io.IOException;
import java.util.OptionalLong;

/** Why a version cannot be had from a table's log, as a user is told. */
final class LogFailure {

    private final TableLocation table;
    private final DeltaTables lake;
    private final String folder;

    LogFailure(TableLocation table, DeltaTables lake) {
        this.table = table;
        this.lake = lake;
        this.folder = table.path() + "/_delta_log";
    }

    /** Of the newest version. */
    TarnException newest(KernelException cause) {
        return isFeature(cause) ? unsupported(cause) : damaged(versions(cause), cause);
    }

    /** Of the version that was asked for. */
    TarnException at(long version, RuntimeException cause) {
        if (isFeature(cause)) {
            return unsupported(cause);
        }
        if (cause instanceof TableNotFoundException) {
            return new TarnException(
                    ErrorCode.TABLE_NOT_FOUND,
                    table + " does not exist: there is no log in " + folder + ".",
                    "Run the flow that fills it, or correct the name.",
                    cause);
        }
        LogVersions all = versions(cause);
        // What lies before the oldest was cleaned up, which is no damage.
        if (version >= all.oldest().orElse(0) && version <= all.newest()) {
            return damaged(all.upTo(version), cause);
        }
        return new TarnException(
                ErrorCode.TABLE_NOT_FOUND,
                table + " has no version " + version + ".",
                all.range().isEmpty()
                        ? "None can be read: restore the files of " + folder + " from a backup."
                        : "Ask for one that its log can give: " + all.range() + ".",
                cause);
    }

    private TarnException damaged(LogVersions versions, RuntimeException cause) {
        OptionalLong missing = versions.missing();
        if (missing.isEmpty()) {
            return new TarnException(
                    ErrorCode.LAKE_DAMAGED,
                    "The log of " + table + " cannot be read: " + cause.getMessage(),
                    "Restore the files of " + folder + " from a backup.",
                    cause);
        }
        long version = missing.getAsLong();
        String before = versions.upTo(version).range();
        return new TarnException(
                ErrorCode.LAKE_DAMAGED,
                "Version " + versions.newest() + " of " + table + " cannot be read: version " + version
                        + " is missing from its log, as there is no " + FileNames.deltaFile(folder, version) + ".",
                "Restore the file from a backup" + (before.isEmpty() ? "." : "; " + before + " can still be read."),
                cause);
    }

    private LogVersions versions(RuntimeException cause) {
        try {
            return LogVersions.of(lake.storage(), folder);
        } catch (IOException e) {
            cause.addSuppressed(e);
            throw cause;
        }
    }

    private static boolean isFeature(RuntimeException cause) {
        return cause instanceof UnsupportedProtocolVersionException
                || cause instanceof UnsupportedTableFeatureException;
    }

    private TarnException unsupported(RuntimeException cause) {
        return new TarnException(
                ErrorCode.TABLE_FEATURE_UNSUPPORTED,
                "The log of " + table + " cannot be read: " + cause.getMessage(),
                "Let Tarn create its tables itself, and leave their features and properties as they are.",
                cause);
    }
}
