package dev.tarn.connect.odoo.api;

import dev.tarn.model.TableSource;
import java.util.List;
import java.util.stream.Stream;

/**
 * The rights that a user needs to read a source through Odoo's API, and no others: a group that may read the models, as lines
 * that Odoo imports into its access rights. What the user must see beside them, languages and itself, every internal user
 * does.
 */
public final class ApiGrants {

    /** Name of the group. */
    public static final String GROUP = "Tarn reader";

    private static final String HEADER = "id,name,model_id,group_id,perm_read,perm_write,perm_create,perm_unlink";

    private ApiGrants() {}

    /** The models of the source's tables; what links two models has none. */
    public static List<String> models(TableSource source) {
        return source.tables().stream()
                .map(table -> table.relation().name())
                .filter(relation -> !relation.endsWith(ModelNames.RELATION))
                .map(relation -> relation.replace('_', '.'))
                .distinct()
                .toList();
    }

    /** A CSV file for an import into {@code ir.model.access}; to import it twice changes nothing. */
    public static List<String> accessLines(TableSource source) {
        return Stream.concat(
                        Stream.of(HEADER),
                        models(source).stream()
                                .map(model -> "tarn_reader_" + model.replace('.', '_') + "," + GROUP + ": " + model
                                        + "," + model + "," + GROUP + ",1,0,0,0"))
                .toList();
    }

    /** What to do with the lines, sentences. */
    public static List<String> instructions(TableSource source, String user) {
        return List.of(
                "What " + visible(user) + " needs in Odoo to read the source " + source.name()
                        + ", and nothing more. As an administrator, in developer mode:",
                "1. Settings, Users & Companies, Groups: make a group " + GROUP + " that gives nothing by itself.",
                "2. Settings, Technical, Access Rights, Import records: the lines below, saved as a CSV file.",
                "3. Make " + visible(user) + " an internal user with this group and all companies that are to be read."
                        + " Rules of other groups may hide rows from it.");
    }

    private static String visible(String name) {
        return name.replaceAll("\\p{Cntrl}", "?");
    }
}
