package dev.tarn.local.run;

import dev.tarn.model.TableName;
import java.util.Optional;
import java.util.Set;

/** Work that a commit wakes: an update of a flow, or a publication. It is for the newest version, never for one event. */
interface Job {

    /** What became of a run. A failure is a {@link dev.tarn.model.TarnException} instead. */
    enum Result {
        /** It has seen everything there is. */
        DONE,
        /** Something it reads does not exist yet. */
        WAITING,
        /** Somebody else is at it. */
        BUSY
    }

    /** The stage it belongs to. */
    Stage stage();

    /** Unique among jobs, and understood by the user. */
    String name();

    /** The tables whose commits wake it. */
    Set<TableName> inputs();

    /** The table that it fills; empty when that is none of the lake. */
    Optional<TableName> output();

    /** Brings its target up to date and tells the listener what it did. */
    Result run();
}
