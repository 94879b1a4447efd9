package dev.tarn.compiler.export;

import java.util.Comparator;
import java.util.List;

/**
 * A project as another engine takes it.
 *
 * @param remarks all that differs from the project, by file and line
 */
public record ExportedProject(List<ExportedFile> files, List<Remark> remarks) {

    private static final Comparator<Remark> BY_PLACE = Comparator.comparing(
                    (Remark remark) -> remark.position().file())
            .thenComparing(remark -> remark.position().line())
            .thenComparing(Remark::what);

    /** A file; its path is relative to the export's folder, with {@code /} between folders. */
    public record ExportedFile(String path, String text) {}

    public ExportedProject {
        files = List.copyOf(files);
        remarks = remarks.stream().distinct().sorted(BY_PLACE).toList();
    }
}
