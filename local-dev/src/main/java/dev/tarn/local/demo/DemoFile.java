package dev.tarn.local.demo;

import static java.util.Objects.requireNonNull;

/**
 * A file that belongs to the demo Odoo, as its bank or its controller would send it.
 *
 * @param path below {@code landing/}
 */
public record DemoFile(String path, byte[] content) {

    public DemoFile {
        requireNonNull(path, "path");
        requireNonNull(content, "content");
    }
}
