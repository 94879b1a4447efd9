package dev.tarn.connect.odoo;

import dev.tarn.connect.bronze.BronzeColumns;
import dev.tarn.connect.postgres.SourceColumn;
import dev.tarn.model.Column;
import dev.tarn.model.TableSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tables of a standard Odoo as extraction would type them, so that a project can be checked before anything is read. */
public final class OdooCatalogue {

    private static final String FILE = "standard-tables.txt";
    private static final Map<String, List<Column>> TABLES = load();

    private OdooCatalogue() {}

    /** The bronze table of a relation, {@code account_move}: the columns that Odoo 16 to 19 have in common. */
    public static Optional<TableSchema> schema(String relation) {
        return Optional.ofNullable(TABLES.get(relation)).map(BronzeColumns::behind);
    }

    /** Names of all relations that are known. */
    public static Set<String> relations() {
        return TABLES.keySet();
    }

    private static Map<String, List<Column>> load() {
        Map<String, List<Column>> tables = new LinkedHashMap<>();
        List<Column> columns = new ArrayList<>();
        for (String line : text().lines().filter(line -> !line.startsWith("#")).toList()) {
            if (line.startsWith(" ")) {
                String[] nameAndType = line.strip().split(" ");
                columns.add(new SourceColumn(nameAndType[0], 1, nameAndType[1], SourceColumn.NO_MODIFIER).column());
            } else {
                columns = new ArrayList<>();
                tables.put(line, columns);
            }
        }
        return tables;
    }

    private static String text() {
        try (InputStream in = OdooCatalogue.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is not on the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
