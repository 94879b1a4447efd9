package dev.tarn.local.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.local.project.SampleProject;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code tarn init}: a new project, begun with the sample. */
@Command(name = "init", description = "Make a new project: a folder of SQL and YAML that you keep in git.")
final class InitCommand implements Callable<Integer> {

    private final RootCommand root;
    private final Surroundings surroundings;

    @Parameters(paramLabel = "DIR", description = "Folder to make. It must not exist yet, or be empty.")
    private String folder = "";

    InitCommand(RootCommand root, Surroundings surroundings) {
        this.root = root;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        Path project = surroundings.resolve(folder);
        List<String> files = SampleProject.copyTo(project);
        Console console = new Console(surroundings, root.format());
        if (console.isJson()) {
            ObjectNode answer = Console.object().put("project", project.toString());
            ArrayNode names = answer.putArray("files");
            files.forEach(names::add);
            console.json(answer);
        } else {
            console.line(project + ": " + files.size() + " files, the sample project.");
            console.line("Next:  cd " + folder + "   tarn check   tarn up");
        }
        return 0;
    }
}
