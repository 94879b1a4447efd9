package dev.tarn.model;

import java.util.Locale;

/** The layers of a lake, declared in the order in which data flows through them; {@link #TARN} is Tarn's own. */
public enum Layer {
    BRONZE,
    SILVER,
    GOLD,
    TARN;

    /** The layer's folder and its name in SQL, for example {@code bronze}. */
    public String folder() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a table of this layer may be computed from a table of {@code source}: data never flows back. */
    public boolean mayReadFrom(Layer source) {
        return source.compareTo(this) <= 0;
    }
}
