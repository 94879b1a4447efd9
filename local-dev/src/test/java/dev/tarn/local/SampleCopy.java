package dev.tarn.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.local.project.SampleProject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A copy of the sample project that a test changes. */
public final class SampleCopy {

    private final Path folder;

    private SampleCopy(Path folder) {
        this.folder = folder;
    }

    /** Copies the sample to {@code folder}. */
    public static SampleCopy in(Path folder) {
        SampleProject.copyTo(folder);
        return new SampleCopy(folder);
    }

    /** A copy that is there already. */
    public static SampleCopy at(Path folder) {
        return new SampleCopy(folder);
    }

    public Path folder() {
        return folder;
    }

    /** Replaces a text that the file has. */
    public SampleCopy change(String file, String text, String by) throws IOException {
        String content = Files.readString(folder.resolve(file));
        assertThat(content).contains(text);
        Files.writeString(folder.resolve(file), content.replace(text, by));
        return this;
    }

    public SampleCopy add(String file, String content) throws IOException {
        Files.writeString(folder.resolve(file), content);
        return this;
    }
}
