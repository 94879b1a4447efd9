package dev.tarn.compiler.export;

import dev.tarn.compiler.export.ExportedProject.ExportedFile;
import dev.tarn.model.Plan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes a project down for another engine. */
public final class Export {

    private Export() {}

    /**
     * The project as {@code target} takes it, with a README that says how it is used and a report of all that differs.
     *
     * @param folder of the project
     * @param plan that the project compiles to
     */
    public static ExportedProject of(Path folder, Plan plan, ExportTarget target) {
        ExportableProject project = ExportableProject.read(folder, plan);
        ExportedProject made = target == ExportTarget.SPARK
                ? new SparkExport(project).export()
                : new DatabricksExport(project).export();
        List<Remark> remarks = new ArrayList<>(made.remarks());
        remarks.addAll(project.remarksOfFiles(target));
        remarks.addAll(project.remarksOfOthers());
        ExportedProject all = new ExportedProject(made.files(), remarks);
        List<ExportedFile> files = new ArrayList<>(all.files());
        files.add(new ExportedFile("README.md", ExportPages.readme(project, target)));
        files.add(new ExportedFile("REPORT.md", ExportPages.report(all.remarks())));
        return new ExportedProject(files, all.remarks());
    }
}
