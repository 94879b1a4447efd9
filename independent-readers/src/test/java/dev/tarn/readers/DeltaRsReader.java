package dev.tarn.readers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** delta-rs, the Rust implementation of Delta, by its Python package in a process of its own. */
final class DeltaRsReader implements TableReader, AutoCloseable {

    private static final long NEWEST = -1;

    private final Path errors;
    private final Process process;
    private final DataOutputStream questions;
    private final DataInputStream answers;

    /** Installs delta-rs first where it is not yet; aborts the test where that is impossible. */
    DeltaRsReader() throws IOException {
        errors = Files.createTempFile("delta-rs-", ".log");
        process = new ProcessBuilder(DeltaRsInstallation.python().toString(), "-c", DeltaRsInstallation.script())
                .redirectError(errors.toFile())
                .start();
        questions = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
        answers = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    }

    /** Throws {@link IOException} with the words of delta-rs when it refuses the table. */
    @Override
    public TableContent read(Path folder, OptionalLong version) throws IOException {
        byte[] path = folder.toAbsolutePath().toString().getBytes(UTF_8);
        try {
            questions.writeInt(path.length);
            questions.writeLong(version.orElse(NEWEST));
            questions.write(path);
            questions.flush();
            return answers.readByte() == '+' ? content() : refused();
        } catch (EOFException e) {
            throw new IllegalStateException("delta-rs ended: " + Files.readString(errors), e);
        }
    }

    private TableContent refused() throws IOException {
        throw new IOException(text());
    }

    private TableContent content() throws IOException {
        List<String> columns = new ArrayList<>();
        for (int left = answers.readInt(); left > 0; left--) {
            String name = text();
            columns.add(TableContent.column(name, text()));
        }
        List<String> rows = new ArrayList<>();
        for (int left = answers.readInt(); left > 0; left--) {
            rows.add(CanonicalText.of(values(columns.size())));
        }
        return new TableContent(columns, rows);
    }

    private List<Object> values(int count) throws IOException {
        List<Object> values = new ArrayList<>();
        for (int left = count; left > 0; left--) {
            values.add(value());
        }
        return values;
    }

    private @Nullable Object value() throws IOException {
        byte kind = answers.readByte();
        return switch (kind) {
            case '0' -> null;
            case 't' -> true;
            case 'f' -> false;
            case 'i' -> answers.readLong();
            case 'e' -> answers.readFloat();
            case 'd' -> answers.readDouble();
            case 'n' -> new BigDecimal(text());
            case 's' -> text();
            case 'x' -> answers.readNBytes(answers.readInt());
            case 'y' -> LocalDate.ofEpochDay(answers.readInt());
            case 'm' -> moment();
            case 'l' -> LocalDateTime.ofInstant(moment(), ZoneOffset.UTC);
            case '[' -> values(answers.readInt());
            case '{' -> map();
            default -> throw new IllegalStateException("reader.py knows a kind that is unknown here: " + (char) kind);
        };
    }

    private Instant moment() throws IOException {
        return Instant.EPOCH.plus(answers.readLong(), ChronoUnit.MICROS);
    }

    private Map<Object, Object> map() throws IOException {
        Map<Object, Object> entries = new LinkedHashMap<>();
        for (int left = answers.readInt(); left > 0; left--) {
            Object key = value();
            entries.put(key, value());
        }
        return entries;
    }

    private String text() throws IOException {
        return new String(answers.readNBytes(answers.readInt()), UTF_8);
    }

    /** The process ends with its input. */
    @Override
    public void close() throws IOException {
        questions.close();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        Files.delete(errors);
    }
}
