package dev.tarn.compiler.statement;

import dev.tarn.model.Layer;
import dev.tarn.model.TableName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What the names of tables and views mean at one place of a file.
 *
 * @param catalog that may stand before a layer, empty when the project sets none
 * @param layer of names without one, empty when neither the project nor a USE before that place sets one
 */
public record Names(Optional<String> catalog, Optional<Layer> layer) {

    private static final String LIVE = "LIVE";

    /** The parts of a name without the project's catalog, and without the LIVE of older pipelines. */
    public List<String> plain(List<String> parts) {
        boolean ofCatalog = parts.size() == 3
                && catalog.filter(parts.get(0)::equalsIgnoreCase).isPresent();
        boolean live = parts.size() == 2 && parts.get(0).equalsIgnoreCase(LIVE);
        return ofCatalog || live ? parts.subList(1, parts.size()) : parts;
    }

    /** The table that a name may mean; empty when it cannot name one. */
    public Optional<TableName> table(List<String> parts) {
        List<String> plain = plain(parts);
        String written = String.join(".", plain);
        String full = plain.size() == 1 ? layer.map(of -> of.folder() + ".").orElse("") + written : written;
        return TableName.tryParse(full.toLowerCase(Locale.ROOT));
    }

    /** The same names behind a USE of another layer. */
    Names using(Layer used) {
        return new Names(catalog, Optional.of(used));
    }
}
