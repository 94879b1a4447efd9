package dev.tarn.connect.status;

import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Collectors;

/** A lake's status as a page without scripts that renews itself. */
public final class StatusHtml {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private static final String PAGE =
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta http-equiv="refresh" content="5">
            <title>%1$s - Tarn</title>
            <style>
            body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem }
            table { border-collapse: collapse; width: 100%% }
            th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #ddd }
            .n { text-align: right; font-variant-numeric: tabular-nums }
            .failed { color: #b00020; font-weight: 600 }
            td p { color: #333; font-weight: 400; margin: 0 }
            .waits { color: #8a5a00 }
            </style>
            </head>
            <body>
            <h1>%1$s</h1>
            <p>Lake %2$s, %3$s (%4$s). The same for programs: <a href="%6$s">JSON</a>.</p>
            <table>
            <tr><th>table</th><th class="n">version</th><th class="n">rows</th><th>last update</th><th class="n">lag</th><th>state</th></tr>
            %5$s
            </table>
            %7$s
            </body>
            </html>
            """;

    private StatusHtml() {}

    /** @param json where programs find the same, relative to the page */
    public static String of(LakeStatus status, String json) {
        String rows = status.tables().stream().map(table -> row(table, status)).collect(Collectors.joining("\n"));
        return PAGE.formatted(
                escape(status.project()),
                escape(status.lake()),
                TIME.format(status.at().atZone(status.timezone())),
                escape(status.timezone().getId()),
                rows,
                escape(json),
                status.aboutEvents()
                        .map(sentence -> "<p>" + escape(sentence) + "</p>")
                        .orElse(""));
    }

    private static String row(TableStatus table, LakeStatus status) {
        String version =
                table.version().isPresent() ? Long.toString(table.version().getAsLong()) : "";
        String rows = table.rows().isPresent() ? Long.toString(table.rows().getAsLong()) : "";
        String newest = table.newest()
                .map(time -> TIME.format(time.atZone(status.timezone())))
                .orElse("");
        String lag = table.lag(status.at()).map(Durations::coarse).orElse("");
        return "<tr><td>" + escape(table.name()) + "</td><td class=\"n\">" + version + "</td><td class=\"n\">" + rows
                + "</td><td>" + newest + "</td><td class=\"n\">" + lag + "</td><td class=\"" + kind(table.state())
                + "\">"
                + escape(table.state().toString()) + reason(table.state()) + "</td></tr>";
    }

    private static String reason(TableStatus.State state) {
        return state instanceof TableStatus.State.Failed failed
                ? "<p>" + escape(failed.what()) + "<br>" + escape(failed.mend()) + "</p>"
                : "";
    }

    private static String kind(TableStatus.State state) {
        if (state instanceof TableStatus.State.Failed) {
            return "failed";
        }
        return state instanceof TableStatus.State.Waits ? "waits" : "ok";
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
