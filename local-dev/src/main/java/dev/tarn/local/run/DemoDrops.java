package dev.tarn.local.run;

import dev.tarn.engine.lake.Lake;
import dev.tarn.local.demo.DemoDatabases;
import dev.tarn.local.demo.DemoFile;
import dev.tarn.model.FileDrop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Drops the files of the demo into a lake, once: whoever changes or deletes one keeps that. */
final class DemoDrops {

    private static final String LANDING = "landing/";

    /** Notes that the files were dropped. */
    private static final String MARK = "landing/.demo";

    /** A file of a folder is left alone until a while after it was written, which nobody needs to wait for here. */
    private static final Duration SETTLED = Duration.ofMinutes(1);

    private final Lake lake;

    DemoDrops(Lake lake) {
        this.lake = lake;
    }

    void drop(List<FileDrop> drops, DemoDatabases demo) {
        try {
            if (drops.isEmpty() || lake.storage().find(MARK).isPresent()) {
                return;
            }
            for (DemoFile file : demo.files()) {
                if (drops.stream()
                        .anyMatch(drop ->
                                drop.path().pattern().matcher(file.path()).matches())) {
                    drop(file);
                }
            }
            lake.storage().putIfAbsent(MARK, new byte[] {'\n'});
        } catch (IOException e) {
            throw new UncheckedIOException("the files of the demo could not be dropped", e);
        }
    }

    private void drop(DemoFile file) throws IOException {
        String path = LANDING + file.path();
        if (lake.storage().putIfAbsent(path, file.content())) {
            Optional<Path> here = lake.storage().localFile(path);
            if (here.isPresent()) {
                Files.setLastModifiedTime(
                        here.get(), FileTime.from(lake.clock().instant().minus(SETTLED)));
            }
        }
    }
}
