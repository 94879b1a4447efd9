package dev.tarn.connect.odoo.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.engine.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Keeps the bytes of attachments in the lake, each content once, under the name of its SHA-1, which Odoo tells with the
 * record. They are there before a row is landed that has their path; what a path names is never another content.
 */
final class Attachments {

    /** The model whose records have files. */
    static final String MODEL = "ir.attachment";

    /** The column, and the property of a record, that has the path within the lake. */
    static final String PATH = "file_path";

    /** What a record must tell for its file to be found. */
    static final List<String> NEEDED = List.of("checksum", "file_size", "type");

    private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");
    private static final long MEGABYTE = 1_000_000;

    /** Files that are asked for at once have no more bytes than this, unless one alone has more. */
    private static final long BATCH = 4 * MEGABYTE;

    private static final int MOST_FILES = 100;

    private final Storage storage;
    private final String folder;
    private final OdooRecords records;
    private final long largest;
    private final Set<String> kept = new HashSet<>();

    /** @param megabytes the largest file that is kept has so many; 0 to keep none */
    Attachments(Storage storage, String source, OdooRecords records, int megabytes) {
        this.storage = storage;
        this.folder = "attachments/" + source + "/";
        this.records = records;
        this.largest = megabytes * MEGABYTE;
    }

    /** The same pages, of whose records the files have been kept. */
    Supplier<List<ObjectNode>> with(Supplier<List<ObjectNode>> pages) {
        return largest == 0 ? pages : () -> keep(pages.get());
    }

    private List<ObjectNode> keep(List<ObjectNode> page) {
        Map<String, ObjectNode> wanted = new LinkedHashMap<>();
        page.forEach(record -> checksum(record).ifPresent(sum -> wanted.putIfAbsent(sum, record)));
        wanted.keySet().removeIf(this::isKept);
        List<ObjectNode> batch = new ArrayList<>();
        long bytes = 0;
        for (ObjectNode record : wanted.values()) {
            long size = record.path("file_size").longValue();
            if (!batch.isEmpty() && (bytes + size > BATCH || batch.size() == MOST_FILES)) {
                fetch(batch);
                batch.clear();
                bytes = 0;
            }
            batch.add(record);
            bytes += size;
        }
        fetch(batch);
        page.forEach(record -> checksum(record).filter(kept::contains).ifPresent(sum -> record.put(PATH, path(sum))));
        return page;
    }

    /** Of a record whose file is to be kept. */
    private Optional<String> checksum(ObjectNode record) {
        String sum = record.path("checksum").asText();
        long size = record.path("file_size").longValue();
        boolean isFile = record.path("type").asText().equals("binary") && size > 0 && size <= largest;
        return isFile && SHA1.matcher(sum).matches() ? Optional.of(sum) : Optional.empty();
    }

    private String path(String sum) {
        return folder + sum.substring(0, 2) + "/" + sum;
    }

    private boolean isKept(String sum) {
        try {
            if (!kept.contains(sum) && storage.find(path(sum)).isPresent()) {
                kept.add(sum);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(path(sum), e);
        }
        return kept.contains(sum);
    }

    private void fetch(List<ObjectNode> batch) {
        if (batch.isEmpty()) {
            return;
        }
        List<Long> ids = batch.stream()
                .map(record -> record.path(Domains.ID).longValue())
                .toList();
        for (byte[] file : records.files(MODEL, ids)) {
            // By their own name: what was replaced since it was listed comes with the next look.
            String sum = sha1(file);
            try {
                storage.putIfAbsent(path(sum), file);
            } catch (IOException e) {
                throw new UncheckedIOException(path(sum), e);
            }
            kept.add(sum);
        }
    }

    static String sha1(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
