package dev.tarn.local.cli;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command about a lake that does nothing by itself: without one of its subcommands it says which there are. */
abstract class CommandGroup implements Callable<Integer> {

    private static final int USAGE = 2;

    final RootCommand options;
    final Surroundings surroundings;

    @Mixin
    LakeOptions lakeOptions = new LakeOptions();

    @Spec
    private @Nullable CommandSpec spec;

    CommandGroup(RootCommand options, Surroundings surroundings) {
        this.options = options;
        this.surroundings = surroundings;
    }

    @Override
    public final Integer call() {
        CommandLine line = requireNonNull(spec).commandLine();
        line.usage(line.getErr());
        return USAGE;
    }
}
