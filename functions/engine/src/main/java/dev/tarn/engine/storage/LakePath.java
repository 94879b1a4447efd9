package dev.tarn.engine.storage;

/** What a path in a lake may look like, whichever storage holds it: two spellings of one file would be two files in one. */
public final class LakePath {

    private LakePath() {}

    /**
     * The path itself: names between single {@code /}, none of them {@code .} or {@code ..}, and no backslash, which
     * services and operating systems read as a {@code /}. Throws {@link IllegalArgumentException} for any other.
     */
    public static String require(String path) {
        for (String name : path.split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('\\') >= 0) {
                throw new IllegalArgumentException("'" + path + "' is not a path below the lake's root");
            }
        }
        return path;
    }
}
