package dev.tarn.local.run;

import static java.util.Objects.requireNonNull;

import dev.tarn.model.SecretRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code tarn up} is asked for.
 *
 * @param project folder of the project
 * @param sample whether that is the sample, to be unpacked when the folder does not exist yet
 * @param target of {@code tarn.yml}; empty for its default
 * @param root folder of the lake, and of the demo databases beside its tables
 * @param once to end when everything has settled, instead of staying up
 * @param rows journal entries in the demo Odoo; empty for {@link #DEMO_ROWS}
 * @param odooSecret secret to use instead of those that the sources name
 * @param port of the status page, 0 for any; empty for no page
 * @param postgresPort of the demo databases, 0 for any
 * @param memory of the whole process, in bytes
 * @param disk for temporary files, in bytes
 * @param look longest time between two looks at a source
 * @param watch time between two looks for commits
 */
public record UpSettings(
        Path project,
        boolean sample,
        Optional<String> target,
        Path root,
        boolean once,
        OptionalInt rows,
        Optional<SecretRef> odooSecret,
        OptionalInt port,
        int postgresPort,
        long memory,
        long disk,
        Duration look,
        Duration watch) {

    /** Journal entries in the demo Odoo unless the user wants another number. */
    public static final int DEMO_ROWS = 10_000;

    /** Where the sample is unpacked, below the root. */
    public static final String SAMPLE_FOLDER = "project";

    public UpSettings {
        requireNonNull(project, "project");
        requireNonNull(target, "target");
        requireNonNull(root, "root");
        requireNonNull(rows, "rows");
        requireNonNull(odooSecret, "odooSecret");
        requireNonNull(port, "port");
        requireNonNull(look, "look");
        requireNonNull(watch, "watch");
    }
}
