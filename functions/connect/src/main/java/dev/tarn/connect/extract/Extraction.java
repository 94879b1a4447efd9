package dev.tarn.connect.extract;

import dev.tarn.connect.bronze.Extracted;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/** Brings what is new in a source into bronze. One object for as long as a process looks at the source. */
public interface Extraction {

    /**
     * Checks that the source is what the project describes, and that its tables may be read.
     *
     * @return what the source says about itself, for the user
     * @throws TarnException naming everything that is wrong
     */
    String connect();

    /**
     * Looks at every table of the source. A table without anything new gets no commit.
     *
     * @return in the order of the source's tables
     * @throws TarnException as {@link #connect}; SOURCE_RECREATED, SCHEMA_CHANGED, DELETES_HELD and others of single tables,
     *     after the other tables were read
     */
    List<Extracted> extract();

    /** As {@link #extract}, of the tables whose time it is. */
    List<Extracted> extractDue();

    /**
     * As {@link #extractDue()}, for a process that may have looked never before and has not much time.
     *
     * @param times of the looks so far; those of this look are noted there, also when it throws
     * @param enough asked between pieces, each of which has a commit of its own; once it says so, the rest is left to the
     *     next look, for which it is still due
     */
    List<Extracted> extractDue(LookTimes times, BooleanSupplier enough);

    /**
     * Looks at these tables and compares all their keys.
     *
     * @param accepted so many deletes of a table are meant; empty for what the source's settings say
     */
    List<Extracted> reconcile(List<TableSource.Table> tables, OptionalLong accepted);

    /**
     * Reads these tables once more, whatever they were read from before, lands what differs, and goes on from there.
     *
     * @param accepted as for {@link #reconcile}
     */
    List<Extracted> resync(List<TableSource.Table> tables, OptionalLong accepted);
}
