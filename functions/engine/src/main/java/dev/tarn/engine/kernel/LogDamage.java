package dev.tarn.engine.kernel;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Refusals of files of a log whose content is not what it should be: the table, the version and the file are named. */
final class LogDamage {

    private static final Pattern LOG_FILE = Pattern.compile("(.*)/_delta_log/(?:.*/)?(\\d{20})\\.([^/]*)");
    private static final String CHECKPOINT = "checkpoint";

    private LogDamage() {}

    /**
     * @param path in the lake
     * @param why the rest of a sentence that begins with the path, without its end
     */
    static TarnException of(String path, String why, @Nullable Throwable cause) {
        Matcher file = LOG_FILE.matcher(path);
        return file.matches()
                ? ofVersion(file, path + " " + why, cause)
                : refusal(
                        "The log of " + table(folder(path)) + " cannot be read: " + path + " " + why + ".", "", cause);
    }

    private static TarnException ofVersion(Matcher file, String sentence, @Nullable Throwable cause) {
        long version = Long.parseLong(file.group(2));
        String table = table(file.group(1));
        boolean checkpoint = file.group(3).startsWith(CHECKPOINT);
        String what = (checkpoint ? "The checkpoint of version " : "Version ") + version + " of " + table;
        String rest = version == 0 || checkpoint ? "" : "; versions before " + version + " can still be read";
        return refusal(what + " cannot be read: " + sentence + ".", rest, cause);
    }

    private static TarnException refusal(String what, String rest, @Nullable Throwable cause) {
        return new TarnException(ErrorCode.LAKE_DAMAGED, what, "Restore the file from a backup" + rest + ".", cause);
    }

    private static String folder(String path) {
        int log = path.indexOf("/_delta_log/");
        return log < 0 ? path : path.substring(0, log);
    }

    /** A table of the lake by its name, another one by its folder. */
    private static String table(String folder) {
        return TableName.tryParse(folder.replace('/', '.'))
                .map(TableName::toString)
                .orElse(folder);
    }
}
