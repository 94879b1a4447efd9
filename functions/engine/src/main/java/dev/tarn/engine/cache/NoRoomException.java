package dev.tarn.engine.cache;

import java.io.IOException;

/** What a query needs does not fit beside what is being read. */
final class NoRoomException extends IOException {

    private static final long serialVersionUID = 1L;

    private final long blocks;
    private final long releases;

    /**
     * @param blocks that the query needs in all
     * @param releases of files by then
     */
    NoRoomException(long blocks, long releases) {
        super("no room for " + blocks + " blocks");
        this.blocks = blocks;
        this.releases = releases;
    }

    long blocks() {
        return blocks;
    }

    long releases() {
        return releases;
    }
}
