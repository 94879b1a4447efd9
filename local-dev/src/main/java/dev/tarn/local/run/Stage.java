package dev.tarn.local.run;

import dev.tarn.model.Layer;
import java.util.Locale;

/** The four things that happen to data, in their order. */
public enum Stage {
    EXTRACT,
    CLEANSE,
    AGGREGATE,
    PUBLISH;

    /** The stage whose results are the tables of {@code layer}. */
    static Stage filling(Layer layer) {
        return layer == Layer.GOLD ? AGGREGATE : CLEANSE;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
