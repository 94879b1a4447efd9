package dev.tarn.local.cli;

import dev.tarn.connect.extract.SourceVerdict;
import dev.tarn.connect.extract.Verification;
import dev.tarn.connect.odoo.api.ApiAccess;
import dev.tarn.connect.odoo.api.ApiVerification;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableSource;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tarn verify}: compares a source with the lake. */
@Command(
        name = "verify",
        description =
                "Compare a source with the lake: rows, keys and sums, of a database as of one moment. Exit code 3 when"
                        + " they differ.")
final class VerifyCommand implements Callable<Integer> {

    private static final String NAME = "tarn verify";

    private final RootCommand options;
    private final Surroundings surroundings;

    @Mixin
    private LakeOptions lakeOptions = new LakeOptions();

    @Parameters(paramLabel = "SOURCE", description = "Name of the source, odoo.")
    private String name = "";

    @Option(names = "--table", paramLabel = "TABLE", description = "Only this table; may be given several times.")
    private List<String> tables = new ArrayList<>();

    @Option(
            names = "--sum",
            paramLabel = "TABLE.COLUMN",
            description =
                    "Add up this column and show its sums; may be given several times. Default: all numbers that both"
                            + " sides have.")
    private List<String> sums = new ArrayList<>();

    VerifyCommand(RootCommand options, Surroundings surroundings) {
        this.options = options;
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() {
        try (OpenedSource opened = OpenedSource.open(options, surroundings, lakeOptions, Optional.of(name), NAME)) {
            List<TableSource.Table> chosen = opened.tables(tables);
            List<Verification.Summand> summands = sums.stream()
                    .map(sum -> summand(opened.source(), chosen, sum))
                    .toList();
            SourceVerdict verdict;
            try (Progress progress = new Progress(surroundings)) {
                verdict = progress.during("compare " + name, () -> verdict(opened, chosen, summands));
            }
            Console console = new Console(surroundings, options.format());
            VerdictReport report = new VerdictReport(opened.source().name(), verdict, !sums.isEmpty());
            if (console.isJson()) {
                console.json(report.json());
            } else {
                report.lines(opened.plan().timezone()).forEach(console::line);
            }
            return verdict.equal() ? 0 : ErrorCode.Exit.DIFFERENCES;
        }
    }

    private static SourceVerdict verdict(
            OpenedSource opened, List<TableSource.Table> tables, List<Verification.Summand> sums) {
        Optional<ApiAccess> api = opened.api();
        OriginOfSilver origin = OriginOfSilver.of(opened);
        return api.isPresent()
                ? new ApiVerification(opened.lake(), api.get(), opened.plan(), origin::isSame).run(tables, sums)
                : new Verification(opened.lake(), opened.source(), opened.url(), opened.plan(), origin::isSame)
                        .run(tables, sums);
    }

    private static Verification.Summand summand(TableSource source, List<TableSource.Table> chosen, String sum) {
        int dot = sum.lastIndexOf('.');
        if (dot < 1 || dot + 1 == sum.length()) {
            throw new TarnException(
                    ErrorCode.USAGE,
                    "--sum takes a table and its column, account_move.amount_total, not " + sum + ".",
                    "See tarn verify --help.");
        }
        TableSource.Table table = OpenedSource.table(source, sum.substring(0, dot));
        if (!chosen.contains(table)) {
            throw new TarnException(
                    ErrorCode.USAGE,
                    "--sum is about " + table.relation() + ", which --table leaves out.",
                    "Add --table " + table.relation() + ", or leave its --sum out.");
        }
        return new Verification.Summand(table, sum.substring(dot + 1));
    }
}
